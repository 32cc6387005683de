package chatql.graphql;

import chatql.delivery.SubscriptionObserver;
import chatql.graphql.transport.request.SubscriptionEvent;
import chatql.message.Cursor;
import chatql.message.Message;
import chatql.metrics.Meters;
import chatql.tracing.MessageTracing;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Counts the subscribers that are currently too slow for the tap. */
final class SubscriptionMetrics {
    private final AtomicInteger behind = new AtomicInteger();
    private final Counter lagged;
    private final MessageViewCache views = new MessageViewCache();
    private final MessageTracing traces;

    SubscriptionMetrics(MeterRegistry registry, MessageTracing traces) {
        this.traces = traces;
        Meters.SUBSCRIPTIONS_BEHIND.gauge(registry, behind, AtomicInteger::get);
        this.lagged = Meters.SUBSCRIPTIONS_LAGGED.counter(registry);
    }

    /** The metrics of a new subscriber. */
    SubscriberMetrics subscriberMetrics() {
        return new SubscriberMetrics();
    }

    /** One subscriber: gives its events their ids for the transport, and counts it as behind while it is. */
    final class SubscriberMetrics implements SubscriptionObserver<SubscriptionEvent<MessageView>> {
        private enum State {
            NOT_BEHIND,
            BEHIND,
            ENDED
        }

        private final AtomicReference<State> state = new AtomicReference<>(State.NOT_BEHIND);
        private boolean live;

        /** An event whose id is the position, and which has no message. */
        @Override
        public SubscriptionEvent<MessageView> started(Cursor position) {
            return SubscriptionEvent.position(position.text());
        }

        /** The event of the subscriber's next message, whose id is the message's cursor. */
        @Override
        public SubscriptionEvent<MessageView> received(Message message) {
            MessageView view = views.of(message);
            return live
                    ? new SubscriptionEvent<>(
                            view,
                            view.getCursor(),
                            message.cursor().timestamp(),
                            message.weight(),
                            traces.delivered(message))
                    : new SubscriptionEvent<>(
                            view, view.getCursor(), SubscriptionEvent.EARLIER, message.weight(), () -> {});
        }

        @Override
        public void live() {
            live = true;
            if (state.compareAndSet(State.BEHIND, State.NOT_BEHIND)) {
                behind.decrementAndGet();
            }
        }

        @Override
        public void lagged() {
            live = false;
            // Not after the end: nothing would decrement the count again.
            if (state.compareAndSet(State.NOT_BEHIND, State.BEHIND)) {
                behind.incrementAndGet();
                lagged.increment();
            }
        }

        @Override
        public void ended() {
            if (state.getAndSet(State.ENDED) == State.BEHIND) {
                behind.decrementAndGet();
            }
        }
    }
}
