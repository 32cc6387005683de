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
 * The state machine of graphql-transport-ws for one WebSocket: which messages are allowed in which state, and which
 * operations run. Belongs to the connection's event loop.
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

    /** The number of operations that start before the event loop serves its other channels. */
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
            TransportContext shared) {
        this.webSocketConnection = webSocketConnection;
        this.requests = requests;
        this.json = shared.json();
        this.maxOperations = shared.settings().maxOperations();
        this.allOperations = shared.limits().operations();
        this.limitMetrics = shared.limitMetrics();
        this.budget = budget;
        this.loop = loop;
        outboundQueue.whenTaken(this::startWaiting);
        this.client = new RunningOperation.Client(
                loop, outboundQueue, shared.connectionRegistry(), Transport.WEBSOCKET, shared.webSocket());
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

    /** Whether the client has sent {@code connection_init}. */
    boolean initialised() {
        return initialised;
    }

    /** Completes the subscriptions and closes the WebSocket as soon as the last query or mutation is answered. */
    void drain() {
        if (state != State.OVER) {
            state = State.LEAVING;
            List.copyOf(runningOperations.values()).forEach(RunningOperation::complete);
            closeWhenDone();
        }
    }

    /** Cancels every operation without sending anything. */
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
        // ConnectionIdentity keeps the credentials, and only the latest; an interceptor may need the other fields.
        initPayload = requests.isIntercepted() ? ConnectionIdentity.withoutAuthorization(init.payload()) : Map.of();
        initialisation = requests.initialise(init.payload())
                .subscribe(
                        payload -> loop.execute(() -> acknowledge(payload)),
                        failure -> loop.execute(() -> webSocketConnection.close(refusal(failure))),
                        () -> loop.execute(() -> acknowledge(Map.of())));
    }

    /** A rejected client receives the reason as a close code only. */
    private static CloseStatus refusal(Throwable why) {
        return switch (why) {
            case AccessDenied denied -> CloseStatus.UNAUTHORIZED;
            case AuthenticationUnavailable unavailable -> CloseStatus.TRY_LATER;
            case RequestRejected tooMany -> CloseStatus.CROWDED;
            default -> CloseStatus.FORBIDDEN;
        };
    }

    /** The pong says whether a token that came with the ping is accepted, and never contains the token. */
    private void pong(ClientMessage.Ping ping) {
        Optional<String> token = Optional.ofNullable(ping.payload()).flatMap(ConnectionIdentity::authorization);
        if (token.isEmpty() || state != State.READY) {
            sendMessage("pong", token.isEmpty() ? ping.payload() : null);
        } else if (renewal != null) {
            // Only one token is validated at a time: a pending one takes memory, and a client may send any number of
            // them.
            renewed(false);
        } else {
            renew(token.get());
        }
    }

    private void renew(String authorization) {
        var validation = Disposables.swap();
        renewal = validation;
        validation.update(requests.visitor()
                .authenticate(authorization)
                .subscribe(token -> onLoop(() -> revalidated(true)), failure -> onLoop(() -> revalidated(false))));
    }

    /**
     * Runs the step at once where this thread is the loop: the next ping may already be queued right behind this one.
     */
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
            // Not answered: the WebSocket closes with 1012, and the client sends the operation again elsewhere.
            drain();
        } else if (runningOperations.size() >= maxOperations) {
            refuse(id, "At most " + maxOperations + " operations run on one WebSocket", Limit.MAX_OPERATIONS);
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
        } catch (RequestRejected overloaded) {
            sendMessage(id, GraphQlErrors.of(overloaded));
            return;
        }
        start(id, body, new OperationContext(null, reservation));
    }

    private boolean closesInsteadOf(GraphQlRequestBody body) {
        return client.connectionRegistry().leaving() && body.isSubscription();
    }

    /** Starts the operation, or queues it while the client's share of responses is full, until it has taken some. */
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

    /**
     * Lets the event loop serve its other channels after some operations: starting one costs far more than reading it.
     */
    private boolean takeTurn() {
        if (started == TURN || !client.outboundQueue().hasRoom()) {
            return false;
        }
        if (++started == TURN) {
            // Scheduled instead of executed: the loop runs executed tasks before it polls its channels again.
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
