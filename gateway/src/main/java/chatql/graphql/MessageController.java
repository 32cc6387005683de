package chatql.graphql;

import chatql.delivery.StartPosition;
import chatql.delivery.Subscriptions;
import chatql.graphql.Payloads.CreatedMessage;
import chatql.graphql.Payloads.Messages;
import chatql.graphql.transport.request.SubscriptionEvent;
import chatql.history.History;
import chatql.history.HistoryUnavailable;
import chatql.limit.WriteRateLimit;
import chatql.message.InvalidCursor;
import chatql.message.LogUnavailable;
import chatql.message.MessagePublisher;
import chatql.message.PostResult;
import chatql.tracing.MessageTracing;
import chatql.user.AccessDenied;
import chatql.user.Caller;
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

/** Resolves the operations on messages, and authorizes their callers. */
@Controller
public class MessageController {
    private final MessagePublisher messagePublisher;
    private final History history;
    private final Subscriptions subscriptions;
    private final RejectedMessageCounters rejected;
    private final SubscriptionMetrics subscriptionMetrics;
    private final WriteRateLimit writeRateLimit;

    MessageController(
            MessagePublisher messagePublisher,
            History history,
            Subscriptions subscriptions,
            WriteRateLimit writeRateLimit,
            MeterRegistry meters,
            MessageTracing traces) {
        this.messagePublisher = messagePublisher;
        this.history = history;
        this.subscriptions = subscriptions;
        this.writeRateLimit = writeRateLimit;
        this.rejected = RejectedMessageCounters.counted(meters);
        this.subscriptionMetrics = new SubscriptionMetrics(meters, traces);
    }

    /**
     * Sends a message as the caller in the subscriber's context. {@link DataFetcherErrors} maps an error to what a
     * client receives.
     */
    @MutationMapping
    public Mono<CreatedMessage> createMessage(
            @Argument @Nullable String senderId,
            @Argument @Nullable String recipientId,
            @Argument @Nullable String content,
            @Argument @Nullable String clientMessageId) {
        return Caller.current()
                .flatMap(caller -> {
                    String sender = senderId == null ? callerId(caller) : senderId;
                    return mayNotSendAs(caller, sender)
                            ? Mono.<PostResult>error(AccessDenied.forbidden())
                            : writeRateLimit.allowed(
                                    user(sender),
                                    messagePublisher.postResult(sender, recipientId, content, clientMessageId));
                })
                .map(this::result)
                .onErrorResume(LogUnavailable.class, failure -> {
                    rejected.unavailable().increment();
                    return Mono.just(CreatedMessage.failed(List.of(text(failure))));
                });
    }

    /** The caller is the default user of an operation. */
    private static @Nullable String callerId(Caller caller) {
        return caller.id().map(UserId::value).orElse(null);
    }

    /** An invalid id is allowed here, because validation rejects it with a reason. */
    private static boolean mayNotSendAs(Caller caller, @Nullable String sender) {
        return user(sender).filter(user -> !caller.maySendAs(user)).isPresent();
    }

    private static Optional<UserId> user(@Nullable String id) {
        return id == null || UserId.violation(id) != null ? Optional.empty() : Optional.of(new UserId(id));
    }

    private static <T> Mono<T> ifReadable(Caller caller, UserId user, Mono<T> answer) {
        return caller.mayRead(user) ? answer : Mono.error(AccessDenied.forbidden());
    }

    private CreatedMessage result(PostResult postResult) {
        return switch (postResult) {
            case PostResult.Posted(var message) -> CreatedMessage.of(message);
            case PostResult.Refused(var reasons) -> {
                rejected.invalid().increment();
                yield CreatedMessage.failed(reasons);
            }
        };
    }

    @QueryMapping
    Mono<Messages> messages(@Arguments MessagesArguments arguments) {
        List<String> violations = arguments.faults();
        if (!violations.isEmpty()) {
            return Mono.just(Messages.failed(violations));
        }
        return Caller.current()
                .flatMap(caller -> ifReadable(
                        caller, arguments.user(), history.timeline(arguments.user(), arguments.pageRequest())))
                .map(Messages::of)
                .onErrorResume(
                        failure -> failure instanceof HistoryUnavailable || failure instanceof InvalidCursor,
                        failure -> Mono.just(Messages.failed(List.of(text(failure)))));
    }

    /**
     * The subscription's messages.
     *
     * @param lastEventId the id of the last event that the client received, which overrides {@code after}; null where
     *     the client sent none
     */
    public Flux<SubscriptionEvent<MessageView>> subscription(
            @Nullable String userId, @Nullable String after, @Nullable String lastEventId) {
        return Caller.current().flatMapMany(caller -> {
            String subscriber = userId == null ? callerId(caller) : userId;
            String violation = UserId.violation(subscriber);
            if (subscriber == null || violation != null) {
                return Flux.error(new BadUserInput("userId " + violation));
            }
            UserId user = new UserId(subscriber);
            // A browser that reconnects by itself repeats its first request: only Last-Event-ID has its latest
            // position.
            return caller.mayRead(user)
                    ? messages(user, lastEventId == null ? after : lastEventId)
                    : Flux.error(AccessDenied.forbidden());
        });
    }

    private Flux<SubscriptionEvent<MessageView>> messages(UserId user, @Nullable String after) {
        StartPosition startPosition = StartPosition.parse(after).orElseThrow(InvalidCursor::invalid);
        SubscriptionMetrics.SubscriberMetrics subscriberMetrics = subscriptionMetrics.subscriberMetrics();
        return subscriptions.events(user, startPosition, subscriberMetrics);
    }

    private static String text(Throwable failure) {
        return String.valueOf(failure.getMessage());
    }
}
