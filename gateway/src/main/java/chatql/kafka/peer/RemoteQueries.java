package chatql.kafka.peer;

import chatql.history.Page;
import chatql.history.PageRequest;
import chatql.kafka.query.DuplicateLookup;
import chatql.kafka.query.StoreQueries;
import chatql.kafka.store.UsernameClaim;
import chatql.message.Cursor;
import chatql.message.Draft;
import chatql.user.UserId;
import chatql.user.UserPage;
import chatql.user.UserSearch;
import chatql.user.Username;
import java.net.URI;
import java.util.Map;
import reactor.core.publisher.Mono;

/** Sends queries to another pod. */
record RemoteQueries(PeerClient client, URI base) implements StoreQueries {
    @Override
    public Mono<Page> timeline(UserId user, PageRequest pageRequest, Map<Integer, Long> written) {
        var query = PeerProtocol.Timeline.of(user, pageRequest, written);
        return ask(PeerRoutes.TIMELINE, query, PeerProtocol.Messages.class).map(PeerProtocol.Messages::page);
    }

    @Override
    public Mono<Page> inbox(UserId user, Cursor after, long end) {
        return client.inbox(base, PeerProtocol.Inbox.of(user, after, end));
    }

    @Override
    public Mono<DuplicateLookup> duplicateLookup(Draft.Identity identity) {
        return ask(
                        PeerRoutes.DUPLICATE_LOOKUP,
                        PeerProtocol.Identity.of(identity),
                        PeerProtocol.DuplicateLookupDto.class)
                .map(PeerProtocol.DuplicateLookupDto::duplicateLookup);
    }

    @Override
    public Mono<UsernameClaim> claim(Username claimed, long offset) {
        return ask(PeerRoutes.NAME, new PeerProtocol.Name(claimed.value(), offset), PeerProtocol.ClaimDto.class)
                .flatMap(answer -> Mono.justOrEmpty(answer.entry(claimed)));
    }

    @Override
    public Mono<UserPage> confusable(int partition, Username name) {
        return ask(PeerRoutes.ALIKE, new PeerProtocol.Alike(partition, name.value()), PeerProtocol.Users.class)
                .map(PeerProtocol.Users::page);
    }

    @Override
    public Mono<UserPage> names(int partition, UserSearch userSearch) {
        return ask(PeerRoutes.NAMES, PeerProtocol.Names.of(partition, userSearch), PeerProtocol.Users.class)
                .map(PeerProtocol.Users::page);
    }

    private <T> Mono<T> ask(String path, Object query, Class<T> answer) {
        return client.ask(URI.create(base + path), query, answer);
    }
}
