package chatql.graphql;

import chatql.delivery.Start;
import chatql.delivery.Subscriptions;
import chatql.graphql.Results.CreatedMessage;
import chatql.graphql.Results.Messages;
import chatql.graphql.transport.request.EventIds;
import chatql.history.History;
import chatql.history.HistoryUnavailable;
import chatql.limit.Writes;
import chatql.message.CursorRefused;
import chatql.message.LogUnavailable;
import chatql.message.Post;
import chatql.message.Posting;
import chatql.tracing.MessageTraces;
import chatql.user.Caller;
import chatql.user.NotAllowed;
import chatql.user.UserId;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.graphql.data.method.annotation.Argument;
import org.springframework.graphql.data.method.annotation.Arguments;
import org.springframework.graphql.data.method.annotation.MutationMapping;
import org.springframework.graphql.data.method.annotation.QueryMapping;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

@Controller
class MessageController {
    private final Posting posting;
    private final History history;
    private final Subscriptions subscriptions;
    private final Refusals refused;
    private final Audience audience;
    private final Writes writes;

    MessageController(
            Posting posting,
            History history,
            Subscriptions subscriptions,
            Writes writes,
            MeterRegistry meters,
            MessageTraces traces) {
        this.posting = posting;
        this.history = history;
        this.subscriptions = subscriptions;
        this.writes = writes;
        this.refused = Refusals.counted(meters);
        this.audience = new Audience(meters, traces);
    }

    @MutationMapping
    Mono<CreatedMessage> createMessage(
            @Argument @Nullable String senderId,
            @Argument @Nullable String recipientId,
            @Argument @Nullable String content,
            @Argument @Nullable String clientMessageId) {
        return Caller.current()
                .flatMap(caller -> {
                    String sender = senderId == null ? own(caller) : senderId;
                    return mayNotSendAs(caller, sender)
                            ? Mono.<Post>error(NotAllowed.forbidden())
                            : writes.allowed(user(sender), posting.post(sender, recipientId, content, clientMessageId));
                })
                .map(this::result)
                .onErrorResume(LogUnavailable.class, failure -> {
                    refused.unavailable().increment();
                    return Mono.just(CreatedMessage.failed(List.of(text(failure))));
                });
    }

    /** Whoever names no user means themselves. */
    private static @Nullable String own(Caller caller) {
        return caller.id().map(UserId::value).orElse(null);
    }

    /** What can't be anybody's id is refused as such. */
    private static boolean mayNotSendAs(Caller caller, @Nullable String sender) {
        return user(sender).filter(user -> !caller.maySendAs(user)).isPresent();
    }

    private static Optional<UserId> user(@Nullable String id) {
        return id == null || UserId.fault(id) != null ? Optional.empty() : Optional.of(new UserId(id));
    }

    private static <T> Mono<T> reading(Caller caller, UserId user, Mono<T> answer) {
        return caller.mayRead(user) ? answer : Mono.error(NotAllowed.forbidden());
    }

    private CreatedMessage result(Post post) {
        return switch (post) {
            case Post.Posted(var message) -> CreatedMessage.of(message);
            case Post.Refused(var reasons) -> {
                refused.invalid().increment();
                yield CreatedMessage.failed(reasons);
            }
        };
    }

    @QueryMapping
    Mono<Messages> messages(@Arguments PageArguments asked) {
        List<String> faults = asked.faults();
        if (!faults.isEmpty()) {
            return Mono.just(Messages.failed(faults));
        }
        return Caller.current()
                .flatMap(caller -> reading(caller, asked.user(), history.timeline(asked.user(), asked.selection())))
                .map(Messages::of)
                .onErrorResume(
                        failure -> failure instanceof HistoryUnavailable || failure instanceof CursorRefused,
                        failure -> Mono.just(Messages.failed(List.of(text(failure)))));
    }

    /**
     * The subscription's messages.
     *
     * @param lastEventId where the client says that it was, and {@code after} means nothing; null where it says nothing
     */
    Flux<MessageView> subscription(
            @Nullable String userId, @Nullable String after, @Nullable String lastEventId, EventIds ids) {
        return Caller.current().flatMapMany(caller -> {
            String listener = userId == null ? own(caller) : userId;
            String fault = UserId.fault(listener);
            if (listener == null || fault != null) {
                return Flux.error(new BadArgument("userId " + fault));
            }
            UserId user = new UserId(listener);
            return caller.mayRead(user)
                    ? messages(user, lastEventId == null ? after : lastEventId, ids)
                    : Flux.error(NotAllowed.forbidden());
        });
    }

    private Flux<MessageView> messages(UserId user, @Nullable String after, EventIds ids) {
        // A browser that comes back by itself repeats its first request, and says in this way where it was.
        Start start = Start.parse(after).orElseThrow(CursorRefused::invalid);
        Audience.Seat seat = audience.seat(ids);
        return subscriptions.messages(user, start, seat).map(seat::view);
    }

    private static String text(Throwable failure) {
        return String.valueOf(failure.getMessage());
    }
}
