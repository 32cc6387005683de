package chatql.graphql.transport.sse;

import chatql.graphql.transport.admission.Visitor;
import chatql.graphql.transport.admission.Watch;
import chatql.graphql.transport.budget.OperationContext;
import chatql.graphql.transport.budget.TransportSettings;
import chatql.graphql.transport.connection.Connections;
import chatql.graphql.transport.connection.Connections.Transport;
import chatql.graphql.transport.connection.Ending;
import chatql.graphql.transport.connection.Operation;
import chatql.graphql.transport.connection.Outbound;
import chatql.graphql.transport.connection.Peer;
import chatql.graphql.transport.connection.SocketEnvironment;
import chatql.graphql.transport.request.Errors;
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
final class SseStream implements Peer {

    private final Channel channel;
    private final Visitor visitor;
    private final Connections connections;
    private final TransportSettings settings;
    private final Outbound outbound;
    private final Operation operation;
    private final Sinks.Empty<Void> done = Sinks.empty();
    // Taken back at the end: the connection may live on and carry another stream.
    private final ChannelFutureListener whenGone = gone -> end();
    private @Nullable ScheduledFuture<?> heartbeat;
    private @Nullable Watch watch;
    private boolean over;

    SseStream(
            Channel channel, Visitor visitor, OperationContext context, AnswerBudget budget, SocketEnvironment around) {
        this.channel = channel;
        this.visitor = visitor;
        this.connections = around.connections();
        this.settings = around.settings();
        this.outbound = new Outbound(channel, DefaultHttpContent::new, settings, budget);
        Operation.Client client =
                new Operation.Client(channel.eventLoop(), outbound, connections, Transport.SSE, around.sse());
        this.operation = new Operation(client, new SseWording(around.json()), context, this::end);
    }

    /** Runs the operation until it is over or the client is gone; the response's head must be out. */
    Mono<Void> run(Consumer<Operation> starter) {
        channel.eventLoop().execute(() -> begin(starter));
        return done.asMono().doOnCancel(() -> channel.eventLoop().execute(this::end));
    }

    @Override
    public Transport transport() {
        return Transport.SSE;
    }

    @Override
    public void leave() {
        channel.eventLoop().execute(operation::complete);
    }

    @Override
    public void cut() {
        channel.close();
    }

    private void begin(Consumer<Operation> starter) {
        long beat = settings.heartbeat().toNanos();
        heartbeat = channel.eventLoop().scheduleAtFixedRate(this::beat, beat, beat, TimeUnit.NANOSECONDS);
        connections.opened(this);
        channel.closeFuture().addListener(whenGone);
        outbound.say(SseWording.COMMENT);
        watch = Watch.over(visitor, channel.eventLoop(), failure -> operation.fail(Errors.of(failure)));
        starter.accept(operation);
    }

    private void beat() {
        if (outbound.stuck(settings.deadAfter())) {
            cut();
        } else {
            outbound.say(SseWording.COMMENT);
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
        if (watch != null) {
            watch.stop();
        }
        channel.closeFuture().removeListener(whenGone);
        operation.cancel(Ending.LOST);
        connections.closed(this);
        done.tryEmitEmpty();
    }
}
