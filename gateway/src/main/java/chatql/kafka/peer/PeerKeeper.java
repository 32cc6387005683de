package chatql.kafka.peer;

import chatql.history.Page;
import chatql.history.Selection;
import chatql.kafka.query.Keeper;
import chatql.kafka.query.Verdict;
import chatql.kafka.store.ClaimEntry;
import chatql.message.Cursor;
import chatql.message.Draft;
import chatql.user.Search;
import chatql.user.UserId;
import chatql.user.UserPage;
import chatql.user.Username;
import java.net.URI;
import java.util.Map;
import reactor.core.publisher.Mono;

/** What another pod answers. */
record PeerKeeper(PeerClient client, URI base) implements Keeper {
    @Override
    public Mono<Page> timeline(UserId user, Selection selection, Map<Integer, Long> written) {
        var question = PeerRequests.Timeline.of(user, selection, written);
        return ask(PeerRoutes.TIMELINE, question, PeerRequests.Messages.class).map(PeerRequests.Messages::page);
    }

    @Override
    public Mono<Page> inbox(UserId user, Cursor after, long end) {
        return client.inbox(base, PeerRequests.Inbox.of(user, after, end));
    }

    @Override
    public Mono<Verdict> verdict(Draft.Identity identity) {
        return ask(PeerRoutes.FIRST, PeerRequests.Identity.of(identity), PeerRequests.Checked.class)
                .map(PeerRequests.Checked::verdict);
    }

    @Override
    public Mono<ClaimEntry> name(Username claimed, long offset) {
        return ask(PeerRoutes.NAME, new PeerRequests.Name(claimed.value(), offset), PeerRequests.Owned.class)
                .flatMap(answer -> Mono.justOrEmpty(answer.entry(claimed)));
    }

    @Override
    public Mono<UserPage> alike(int partition, Username name) {
        return ask(PeerRoutes.ALIKE, new PeerRequests.Alike(partition, name.value()), PeerRequests.Users.class)
                .map(PeerRequests.Users::page);
    }

    @Override
    public Mono<UserPage> names(int partition, Search search) {
        return ask(PeerRoutes.NAMES, PeerRequests.Names.of(partition, search), PeerRequests.Users.class)
                .map(PeerRequests.Users::page);
    }

    private <T> Mono<T> ask(String path, Object question, Class<T> answer) {
        return client.ask(URI.create(base + path), question, answer);
    }
}
