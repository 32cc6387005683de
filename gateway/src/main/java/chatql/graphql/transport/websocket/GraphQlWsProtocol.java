package chatql.graphql.transport.websocket;

import chatql.graphql.transport.admission.ConnectionIdentity;
import chatql.graphql.transport.admission.TokenRevalidation;
import chatql.graphql.transport.budget.OperationContext;
import chatql.graphql.transport.budget.Reservation;
import chatql.graphql.transport.connection.ConnectionRegistry.Transport;
import chatql.graphql.transport.connection.EndReason;
import chatql.graphql.transport.connection.OutboundQueue;
import chatql.graphql.transport.connection.RunningOperation;
import chatql.graphql.transport.connection.TransportContext;
import chatql.graphql.transport.request.GraphQlErrors;
import chatql.graphql.transport.request.GraphQlRequestBody;
import chatql.graphql.transport.request.Json;
import chatql.graphql.transport.request.RequestRejected;
import chatql.limit.AnswerBudget;
import chatql.limit.Limit;
import chatql.limit.LimitMetrics;
import chatql.user.AccessDenied;
import chatql.user.AuthenticationUnavailable;
import graphql.GraphQLError;
import io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.graphql.execution.ErrorType;
import reactor.core.Disposable;
import reactor.core.Disposables;

/**
 * What graphql-transport-ws says about the order of one socket's messages: who may say what when, and which operations
 * are alive. Belongs to the socket's event loop.
 */
final class GraphQlWsProtocol {

    private record Message(String type, Object payload) {}

    private enum State {
        OPEN,
        INITIALISING,
        READY,
        LEAVING,
        OVER
    }

    /** How many operations start before the event loop's other channels have their turn. */
    private static final int TURN = 8;

    private final WebSocketConnection webSocketConnection;
    private final WebSocketGraphQlSession requests;
    private final Json json;
    private final int maxOperations;
    private final int allOperations;
    private final LimitMetrics limitMetrics;
    private final EventLoop loop;
    private final AnswerBudget budget;
    private final RunningOperation.Client client;
    private final Map<String, RunningOperation> runningOperations = new HashMap<>();
    private final SequencedMap<String, Runnable> waiting = new LinkedHashMap<>(0);
    private int started;
    private State state = State.OPEN;
    private boolean initialised;
    private Map<String, Object> initPayload = Map.of();
    private @Nullable Disposable initialisation;
    private @Nullable TokenRevalidation tokenRevalidation;
    private @Nullable Disposable renewal;

    GraphQlWsProtocol(
            WebSocketConnection webSocketConnection,
            WebSocketGraphQlSession requests,
            EventLoop loop,
            OutboundQueue outboundQueue,
            AnswerBudget budget,
            TransportContext around) {
        this.webSocketConnection = webSocketConnection;
        this.requests = requests;
        this.json = around.json();
        this.maxOperations = around.settings().maxOperations();
        this.allOperations = around.limits().operations();
        this.limitMetrics = around.limitMetrics();
        this.budget = budget;
        this.loop = loop;
        outboundQueue.whenTaken(this::startWaiting);
        this.client = new RunningOperation.Client(
                loop, outboundQueue, around.connectionRegistry(), Transport.WEBSOCKET, around.webSocket());
    }

    void handle(ClientMessage clientMessage) {
        switch (clientMessage) {
            case ClientMessage.Init init -> initialise(init);
            case ClientMessage.Subscribe subscribe -> subscribe(subscribe);
            case ClientMessage.Complete complete -> cancel(complete.id());
            case ClientMessage.Ping ping -> pong(ping);
            case ClientMessage.Pong pong -> {}
        }
    }

    /** Whether the client has said who it is. */
    boolean initialised() {
        return initialised;
    }

    /** Completes the subscriptions and closes the socket as soon as the last query or mutation has answered. */
    void drain() {
        if (state != State.OVER) {
            state = State.LEAVING;
            List.copyOf(runningOperations.values()).forEach(RunningOperation::complete);
            closeWhenDone();
        }
    }

    /** Ends every operation without another word. */
    void end(EndReason why) {
        state = State.OVER;
        if (initialisation != null) {
            initialisation.dispose();
        }
        if (renewal != null) {
            renewal.dispose();
        }
        if (tokenRevalidation != null) {
            tokenRevalidation.stop();
        }
        waiting.clear();
        runningOperations.values().forEach(runningOperation -> runningOperation.cancel(why));
        runningOperations.clear();
    }

    void closed(int code) {
        if (initialised) {
            requests.closed(code, initPayload);
        }
    }

    private void initialise(ClientMessage.Init init) {
        if (initialised) {
            webSocketConnection.close(CloseStatus.TOO_MANY_INITS);
            return;
        }
        initialised = true;
        state = State.INITIALISING;
        // What the client has shown is the visitor's to keep, and only while it is the latest; the rest is an
        // interceptor's.
        initPayload = requests.isIntercepted() ? ConnectionIdentity.withoutAuthorization(init.payload()) : Map.of();
        initialisation = requests.initialise(init.payload())
                .subscribe(
                        payload -> loop.execute(() -> acknowledge(payload)),
                        refused -> loop.execute(() -> webSocketConnection.close(refusal(refused))),
                        () -> loop.execute(() -> acknowledge(Map.of())));
    }

    /** Whoever isn't let in learns why by the code alone. */
    private static CloseStatus refusal(Throwable why) {
        return switch (why) {
            case AccessDenied denied -> CloseStatus.UNAUTHORIZED;
            case AuthenticationUnavailable notNow -> CloseStatus.TRY_LATER;
            case RequestRejected crowded -> CloseStatus.CROWDED;
            default -> CloseStatus.FORBIDDEN;
        };
    }

    /** The answer tells what became of a token that came with the ping, and never the token. */
    private void pong(ClientMessage.Ping ping) {
        Optional<String> shown = Optional.ofNullable(ping.payload()).flatMap(ConnectionIdentity::authorization);
        if (shown.isEmpty() || state != State.READY) {
            sendMessage("pong", shown.isEmpty() ? ping.payload() : null);
        } else if (renewal != null) {
            // What waits for a verdict is kept meanwhile, and a client may send any number of them.
            renewed(false);
        } else {
            renew(shown.get());
        }
    }

    private void renew(String authorization) {
        var verdict = Disposables.swap();
        renewal = verdict;
        verdict.update(requests.visitor()
                .authenticate(authorization)
                .subscribe(shown -> onLoop(() -> revalidated(true)), refused -> onLoop(() -> revalidated(false))));
    }

    /** At once where that can be told at once: the next ping may stand behind it already. */
    private void onLoop(Runnable step) {
        if (loop.inEventLoop()) {
            step.run();
        } else {
            loop.execute(step);
        }
    }

    private void revalidated(boolean good) {
        renewal = null;
        if (good && tokenRevalidation != null) {
            tokenRevalidation.plan();
        }
        renewed(good);
    }

    private void renewed(boolean good) {
        sendMessage("pong", Map.of("renewed", good));
    }

    private void acknowledge(Object payload) {
        if (state == State.INITIALISING) {
            state = State.READY;
            initialisation = null;
            tokenRevalidation = TokenRevalidation.over(
                    requests.visitor(), loop, expired -> webSocketConnection.close(CloseStatus.EXPIRED));
            webSocketConnection.acknowledged();
            sendMessage("connection_ack", payload instanceof Map<?, ?> map && map.isEmpty() ? null : payload);
        }
    }

    private void subscribe(ClientMessage.Subscribe subscribe) {
        String id = subscribe.id();
        if (state == State.OPEN || state == State.INITIALISING) {
            webSocketConnection.close(CloseStatus.UNAUTHORIZED);
        } else if (runningOperations.containsKey(id)) {
            webSocketConnection.close(CloseStatus.duplicate(id));
        } else if (state == State.LEAVING || closesInsteadOf(subscribe.operation())) {
            // Not answered: the socket closes with 1012, and the client asks again elsewhere.
            drain();
        } else if (runningOperations.size() >= maxOperations) {
            refuse(id, "At most " + maxOperations + " operations live on one socket", Limit.MAX_OPERATIONS);
        } else if (client.connectionRegistry().operations() >= allOperations) {
            refuse(id, "The gateway is full: try again later", Limit.OPERATIONS);
        } else if (subscribe.operation().isEmpty()) {
            sendMessage(id, GraphQlErrors.one("The query is empty", ErrorType.BAD_REQUEST));
        } else {
            admit(id, subscribe.operation());
        }
    }

    private void admit(String id, GraphQlRequestBody body) {
        Reservation reservation = new Reservation(budget, client.outboundQueue().expected());
        try {
            reservation.begin(body);
        } catch (RequestRejected noRoom) {
            sendMessage(id, GraphQlErrors.of(noRoom));
            return;
        }
        start(id, body, new OperationContext(null, reservation));
    }

    private boolean closesInsteadOf(GraphQlRequestBody body) {
        return client.connectionRegistry().leaving() && body.isSubscription();
    }

    /** A client with its share of answers to take begins nothing more until it has taken some. */
    private void start(String id, GraphQlRequestBody body, OperationContext context) {
        RunningOperation runningOperation =
                new RunningOperation(client, new GraphQlWsEncoder(json, id), context, () -> released(id));
        runningOperations.put(id, runningOperation);
        Runnable start = () -> runningOperation.start(body, requests.execute(id, body, context), requests.context());
        if (waiting.isEmpty() && takeTurn()) {
            start.run();
        } else {
            waiting.put(id, start);
        }
    }

    private void startWaiting() {
        while (!waiting.isEmpty() && takeTurn()) {
            waiting.pollFirstEntry().getValue().run();
        }
    }

    /** After some operations the event loop's other channels have their turn: starting one costs far more than reading it. */
    private boolean takeTurn() {
        if (started == TURN || !client.outboundQueue().hasRoom()) {
            return false;
        }
        if (++started == TURN) {
            // Scheduled and not just executed: the loop runs what is executed before it looks at its channels again.
            loop.schedule(this::nextTurn, 1, TimeUnit.NANOSECONDS);
        }
        return true;
    }

    private void nextTurn() {
        started = 0;
        startWaiting();
    }

    private void refuse(String id, String reason, Limit limit) {
        limitMetrics.count(limit);
        sendMessage(id, GraphQlErrors.one(reason, ErrorType.FORBIDDEN));
    }

    private void sendMessage(String id, List<GraphQLError> errors) {
        webSocketConnection.say(new GraphQlWsEncoder(json, id).error(errors));
    }

    private void cancel(String id) {
        RunningOperation runningOperation = runningOperations.remove(id);
        waiting.remove(id);
        if (runningOperation != null) {
            runningOperation.cancel(EndReason.CLIENT);
            startWaiting();
            requests.cancelled(id);
            closeWhenDone();
        }
    }

    private void released(String id) {
        runningOperations.remove(id);
        startWaiting();
        webSocketConnection.closeWhenFlooded();
        closeWhenDone();
    }

    private void closeWhenDone() {
        if (state == State.LEAVING && runningOperations.isEmpty()) {
            webSocketConnection.close(CloseStatus.LEAVING);
        }
    }

    private void sendMessage(String type, @Nullable Object payload) {
        webSocketConnection.say(json.write(payload == null ? Map.of("type", type) : new Message(type, payload)));
    }
}
