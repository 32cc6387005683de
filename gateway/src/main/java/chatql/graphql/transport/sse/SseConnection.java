package chatql.graphql.transport.sse;

import chatql.graphql.transport.admission.ConnectionIdentity;
import chatql.graphql.transport.admission.TokenRevalidation;
import chatql.graphql.transport.budget.OperationContext;
import chatql.graphql.transport.budget.TransportSettings;
import chatql.graphql.transport.connection.ClientConnection;
import chatql.graphql.transport.connection.ConnectionRegistry;
import chatql.graphql.transport.connection.ConnectionRegistry.Transport;
import chatql.graphql.transport.connection.EndReason;
import chatql.graphql.transport.connection.OutboundQueue;
import chatql.graphql.transport.connection.RunningOperation;
import chatql.graphql.transport.connection.TransportContext;
import chatql.graphql.transport.request.GraphQlErrors;
import chatql.limit.AnswerBudget;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.DefaultHttpContent;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** One client's event stream, which carries one operation. Its state belongs to the event loop of its channel. */
final class SseConnection implements ClientConnection {

    private final Channel channel;
    private final ConnectionIdentity connectionIdentity;
    private final ConnectionRegistry connectionRegistry;
    private final TransportSettings settings;
    private final OutboundQueue outboundQueue;
    private final RunningOperation runningOperation;
    private final Sinks.Empty<Void> done = Sinks.empty();
    // Removed at the end: the connection may stay open and carry another stream.
    private final ChannelFutureListener onClose = closed -> end();
    private @Nullable ScheduledFuture<?> heartbeat;
    private @Nullable TokenRevalidation tokenRevalidation;
    private boolean over;

    SseConnection(
            Channel channel,
            ConnectionIdentity connectionIdentity,
            OperationContext context,
            AnswerBudget budget,
            TransportContext shared) {
        this.channel = channel;
        this.connectionIdentity = connectionIdentity;
        this.connectionRegistry = shared.connectionRegistry();
        this.settings = shared.settings();
        this.outboundQueue = new OutboundQueue(channel, DefaultHttpContent::new, settings, budget);
        RunningOperation.Client client = new RunningOperation.Client(
                channel.eventLoop(), outboundQueue, connectionRegistry, Transport.SSE, shared.sse());
        this.runningOperation = new RunningOperation(client, new SseEncoder(shared.json()), context, this::end);
    }

    /** Runs the operation until it ends or the client disconnects. The response's head must be sent already. */
    Mono<Void> run(Consumer<RunningOperation> starter) {
        channel.eventLoop().execute(() -> begin(starter));
        return done.asMono().doOnCancel(() -> channel.eventLoop().execute(this::end));
    }

    @Override
    public Transport transport() {
        return Transport.SSE;
    }

    @Override
    public void leave() {
        channel.eventLoop().execute(runningOperation::complete);
    }

    @Override
    public void cut() {
        channel.close();
    }

    private void begin(Consumer<RunningOperation> starter) {
        long beat = settings.heartbeat().toNanos();
        heartbeat = channel.eventLoop().scheduleAtFixedRate(this::beat, beat, beat, TimeUnit.NANOSECONDS);
        connectionRegistry.opened(this);
        channel.closeFuture().addListener(onClose);
        outboundQueue.sendMessage(SseEncoder.COMMENT);
        tokenRevalidation = TokenRevalidation.over(
                connectionIdentity, channel.eventLoop(), failure -> runningOperation.fail(GraphQlErrors.of(failure)));
        starter.accept(runningOperation);
    }

    private void beat() {
        if (outboundQueue.stuck(settings.readTimeout())) {
            cut();
        } else {
            outboundQueue.sendMessage(SseEncoder.COMMENT);
        }
    }

    private void end() {
        if (over) {
            return;
        }
        over = true;
        if (heartbeat != null) {
            heartbeat.cancel(false);
        }
        if (tokenRevalidation != null) {
            tokenRevalidation.stop();
        }
        channel.closeFuture().removeListener(onClose);
        runningOperation.cancel(EndReason.LOST);
        connectionRegistry.closed(this);
        done.tryEmitEmpty();
    }
}
