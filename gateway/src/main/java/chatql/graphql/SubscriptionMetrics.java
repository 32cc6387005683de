package chatql.graphql;

import chatql.delivery.SubscriptionObserver;
import chatql.graphql.transport.request.SubscriptionEvent;
import chatql.message.Message;
import chatql.metrics.Meters;
import chatql.tracing.MessageTracing;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** All who listen here, as far as they are counted: how many are too slow for the tap at the moment. */
final class SubscriptionMetrics {
    private final AtomicInteger behind = new AtomicInteger();
    private final Counter overtaken;
    private final MessageViewCache views = new MessageViewCache();
    private final MessageTracing traces;

    SubscriptionMetrics(MeterRegistry registry, MessageTracing traces) {
        this.traces = traces;
        Meters.SUBSCRIPTIONS_BEHIND.gauge(registry, behind, AtomicInteger::get);
        this.overtaken = Meters.SUBSCRIPTIONS_LAGGED.counter(registry);
    }

    /** Somebody who is going to listen. */
    SubscriberMetrics subscriberMetrics() {
        return new SubscriberMetrics();
    }

    /** One who listens: names their events for the transport, and is counted among those behind while they are. */
    final class SubscriberMetrics implements SubscriptionObserver {
        private enum State {
            ABREAST,
            BEHIND,
            OVER
        }

        private final AtomicReference<State> state = new AtomicReference<>(State.ABREAST);
        private boolean live;

        /** The message as it goes out next, named by its cursor. */
        SubscriptionEvent<MessageView> event(Message message) {
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
            if (state.compareAndSet(State.BEHIND, State.ABREAST)) {
                behind.decrementAndGet();
            }
        }

        @Override
        public void lagged() {
            live = false;
            // Not once it is over: nobody would ever count it out again.
            if (state.compareAndSet(State.ABREAST, State.BEHIND)) {
                behind.incrementAndGet();
                overtaken.increment();
            }
        }

        @Override
        public void ended() {
            if (state.getAndSet(State.OVER) == State.BEHIND) {
                behind.decrementAndGet();
            }
        }
    }
}
