package chatql.graphql.transport.websocket;

import chatql.graphql.transport.admission.Visitor;
import chatql.graphql.transport.admission.Watch;
import chatql.graphql.transport.budget.OperationContext;
import chatql.graphql.transport.budget.Reservation;
import chatql.graphql.transport.connection.Connections.Transport;
import chatql.graphql.transport.connection.Ending;
import chatql.graphql.transport.connection.Operation;
import chatql.graphql.transport.connection.Outbound;
import chatql.graphql.transport.connection.SocketEnvironment;
import chatql.graphql.transport.request.Errors;
import chatql.graphql.transport.request.EventIds;
import chatql.graphql.transport.request.Json;
import chatql.graphql.transport.request.OperationBody;
import chatql.graphql.transport.request.Refusal;
import chatql.limit.AnswerBudget;
import chatql.limit.Limit;
import chatql.limit.TurnedAway;
import chatql.user.AuthenticationUnavailable;
import chatql.user.NotAllowed;
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
final class Conversation {

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

    private final Socket socket;
    private final SocketRequests requests;
    private final Json json;
    private final int maxOperations;
    private final int allOperations;
    private final TurnedAway turnedAway;
    private final EventLoop loop;
    private final AnswerBudget budget;
    private final Operation.Client client;
    private final Map<String, Operation> operations = new HashMap<>();
    private final SequencedMap<String, Runnable> waiting = new LinkedHashMap<>(0);
    private int started;
    private State state = State.OPEN;
    private boolean initialised;
    private Map<String, Object> initPayload = Map.of();
    private @Nullable Disposable initialisation;
    private @Nullable Watch watch;
    private @Nullable Disposable renewal;

    Conversation(
            Socket socket,
            SocketRequests requests,
            EventLoop loop,
            Outbound outbound,
            AnswerBudget budget,
            SocketEnvironment around) {
        this.socket = socket;
        this.requests = requests;
        this.json = around.json();
        this.maxOperations = around.settings().maxOperations();
        this.allOperations = around.limits().operations();
        this.turnedAway = around.turnedAway();
        this.budget = budget;
        this.loop = loop;
        outbound.whenTaken(this::startWaiting);
        this.client =
                new Operation.Client(loop, outbound, around.connections(), Transport.WEBSOCKET, around.webSocket());
    }

    void handle(Frame frame) {
        switch (frame) {
            case Frame.Init init -> initialise(init);
            case Frame.Subscribe subscribe -> subscribe(subscribe);
            case Frame.Complete complete -> cancel(complete.id());
            case Frame.Ping ping -> pong(ping);
            case Frame.Pong pong -> {}
        }
    }

    /** Whether the client has said who it is. */
    boolean initialised() {
        return initialised;
    }

    /** Completes the subscriptions and closes the socket as soon as the last query or mutation has answered. */
    void leave() {
        if (state != State.OVER) {
            state = State.LEAVING;
            List.copyOf(operations.values()).forEach(Operation::complete);
            closeWhenDone();
        }
    }

    /** Ends every operation without another word. */
    void end(Ending why) {
        state = State.OVER;
        if (initialisation != null) {
            initialisation.dispose();
        }
        if (renewal != null) {
            renewal.dispose();
        }
        if (watch != null) {
            watch.stop();
        }
        waiting.clear();
        operations.values().forEach(operation -> operation.cancel(why));
        operations.clear();
    }

    void closed(int code) {
        if (initialised) {
            requests.closed(code, initPayload);
        }
    }

    private void initialise(Frame.Init init) {
        if (initialised) {
            socket.close(Close.TOO_MANY_INITS);
            return;
        }
        initialised = true;
        state = State.INITIALISING;
        // What the client has shown is the visitor's to keep, and only while it is the latest; the rest is an
        // interceptor's.
        initPayload = requests.isIntercepted() ? Visitor.withoutAuthorization(init.payload()) : Map.of();
        initialisation = requests.initialise(init.payload())
                .subscribe(
                        payload -> loop.execute(() -> acknowledge(payload)),
                        refused -> loop.execute(() -> socket.close(refusal(refused))),
                        () -> loop.execute(() -> acknowledge(Map.of())));
    }

    /** Whoever isn't let in learns why by the code alone. */
    private static Close refusal(Throwable why) {
        return switch (why) {
            case NotAllowed denied -> Close.UNAUTHORIZED;
            case AuthenticationUnavailable notNow -> Close.TRY_LATER;
            case Refusal crowded -> Close.CROWDED;
            default -> Close.FORBIDDEN;
        };
    }

    /** The answer tells what became of a token that came with the ping, and never the token. */
    private void pong(Frame.Ping ping) {
        Optional<String> shown = Optional.ofNullable(ping.payload()).flatMap(Visitor::authorization);
        if (shown.isEmpty() || state != State.READY) {
            say("pong", shown.isEmpty() ? ping.payload() : null);
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
                .show(authorization)
                .subscribe(shown -> onLoop(() -> judged(true)), refused -> onLoop(() -> judged(false))));
    }

    /** At once where that can be told at once: the next ping may stand behind it already. */
    private void onLoop(Runnable step) {
        if (loop.inEventLoop()) {
            step.run();
        } else {
            loop.execute(step);
        }
    }

    private void judged(boolean good) {
        renewal = null;
        if (good && watch != null) {
            watch.plan();
        }
        renewed(good);
    }

    private void renewed(boolean good) {
        say("pong", Map.of("renewed", good));
    }

    private void acknowledge(Object payload) {
        if (state == State.INITIALISING) {
            state = State.READY;
            initialisation = null;
            watch = Watch.over(requests.visitor(), loop, expired -> socket.close(Close.EXPIRED));
            socket.acknowledged();
            say("connection_ack", payload instanceof Map<?, ?> map && map.isEmpty() ? null : payload);
        }
    }

    private void subscribe(Frame.Subscribe subscribe) {
        String id = subscribe.id();
        if (state == State.OPEN || state == State.INITIALISING) {
            socket.close(Close.UNAUTHORIZED);
        } else if (operations.containsKey(id)) {
            socket.close(Close.duplicate(id));
        } else if (state == State.LEAVING || leavesBefore(subscribe.operation())) {
            // Not answered: the socket closes with 1012, and the client asks again elsewhere.
            leave();
        } else if (operations.size() >= maxOperations) {
            refuse(id, "At most " + maxOperations + " operations live on one socket", Limit.MAX_OPERATIONS);
        } else if (client.connections().operations() >= allOperations) {
            refuse(id, "The gateway is full: try again later", Limit.OPERATIONS);
        } else if (subscribe.operation().isEmpty()) {
            say(id, Errors.one("The query is empty", ErrorType.BAD_REQUEST));
        } else {
            admit(id, subscribe.operation());
        }
    }

    private void admit(String id, OperationBody body) {
        Reservation reservation = new Reservation(budget, client.outbound().expected());
        try {
            reservation.begin(body);
        } catch (Refusal noRoom) {
            say(id, Errors.of(noRoom));
            return;
        }
        start(id, body, new OperationContext(new EventIds(), null, reservation));
    }

    private boolean leavesBefore(OperationBody body) {
        return client.connections().leaving() && body.isSubscription();
    }

    /** A client with its share of answers to take begins nothing more until it has taken some. */
    private void start(String id, OperationBody body, OperationContext context) {
        Operation operation = new Operation(client, new SocketWording(json, id), context, () -> released(id));
        operations.put(id, operation);
        Runnable start = () -> operation.start(body, requests.execute(id, body, context), requests.context());
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
        if (started == TURN || !client.outbound().hasRoom()) {
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
        turnedAway.count(limit);
        say(id, Errors.one(reason, ErrorType.FORBIDDEN));
    }

    private void say(String id, List<GraphQLError> errors) {
        socket.say(new SocketWording(json, id).error(errors));
    }

    private void cancel(String id) {
        Operation operation = operations.remove(id);
        waiting.remove(id);
        if (operation != null) {
            operation.cancel(Ending.CLIENT);
            startWaiting();
            requests.cancelled(id);
            closeWhenDone();
        }
    }

    private void released(String id) {
        operations.remove(id);
        startWaiting();
        socket.closeWhenFlooded();
        closeWhenDone();
    }

    private void closeWhenDone() {
        if (state == State.LEAVING && operations.isEmpty()) {
            socket.close(Close.LEAVING);
        }
    }

    private void say(String type, @Nullable Object payload) {
        socket.say(json.write(payload == null ? Map.of("type", type) : new Message(type, payload)));
    }
}
