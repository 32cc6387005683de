package chatql.kafka;

import chatql.history.HistoryUnavailable;
import chatql.history.Page;
import chatql.message.Cursor;
import chatql.message.Draft;
import chatql.message.Message;
import chatql.user.UserId;
import chatql.user.Username;
import io.netty.channel.ChannelOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.state.HostInfo;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.util.UriComponentsBuilder;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

/** Asks another pod for what it keeps. Every failure is {@link HistoryUnavailable}: the owner may be another one soon. */
final class PeerClient implements Disposable {
    private static final int CONNECT_TIMEOUT_MS = 1_000;
    /** A page of the largest messages, and their escapes. */
    private static final int LARGEST_ANSWER = 64 << 20;

    /** An answer that waits for history to catch up holds its connection, and must not hold up the others. */
    private static final int CONNECTIONS = 500;

    /** Every subscriber of a pod may ask at once, after another pod was lost. */
    private static final int WAITING = 100_000;

    private final ConnectionProvider connections = ConnectionProvider.builder("peers")
            .maxConnections(CONNECTIONS)
            .pendingAcquireMaxCount(WAITING)
            .pendingAcquireTimeout(Duration.ofSeconds(5))
            .maxIdleTime(Duration.ofSeconds(30))
            .build();
    private final WebClient client;

    /** @param timeout for an answer to begin */
    PeerClient(LoopResources loops, Duration timeout) {
        HttpClient http = HttpClient.create(connections)
                .runOn(loops)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MS)
                .responseTimeout(timeout);
        client = WebClient.builder()
                .clientConnector(new ReactorClientHttpConnector(http))
                .codecs(codecs -> codecs.defaultCodecs().maxInMemorySize(LARGEST_ANSWER))
                .build();
    }

    Mono<List<Message>> timeline(HostInfo owner, UserId user, int limit, Map<Integer, Long> written) {
        var question = new PeerRequests.Timeline(user.value(), limit, written);
        return ask(owner, PeerRoutes.TIMELINE, question, PeerRequests.Messages.class)
                .map(answer -> answer.page().messages());
    }

    Mono<Page> inbox(HostInfo owner, UserId user, Cursor after, long end) {
        return ask(owner, PeerRoutes.INBOX, PeerRequests.Inbox.of(user, after, end), PeerRequests.Messages.class)
                .map(PeerRequests.Messages::page);
    }

    Mono<Verdict> verdict(HostInfo owner, Draft.Identity identity) {
        return ask(owner, PeerRoutes.FIRST, PeerRequests.Identity.of(identity), PeerRequests.Checked.class)
                .map(PeerRequests.Checked::verdict);
    }

    Mono<ClaimEntry> name(HostInfo owner, Username name, long offset) {
        return ask(owner, PeerRoutes.NAME, new PeerRequests.Name(name.value(), offset), PeerRequests.Owned.class)
                .flatMap(answer -> Mono.justOrEmpty(answer.entry()));
    }

    @Override
    public void dispose() {
        connections.dispose();
    }

    private <T> Mono<T> ask(HostInfo owner, String path, Object question, Class<T> answer) {
        var address = UriComponentsBuilder.newInstance()
                .scheme("http")
                .host(owner.host())
                .port(owner.port())
                .path(path)
                .build()
                .toUri();
        return client.post()
                .uri(address)
                .bodyValue(question)
                .retrieve()
                .onStatus(HttpStatusCode::isError, response -> Mono.error(new Moving(null)))
                .bodyToMono(answer)
                .onErrorMap(failure -> !(failure instanceof HistoryUnavailable), Moving::new);
    }
}
