package chatql.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.tracing.MessageTracing;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class SubscriptionMetricsTest {
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final SubscriptionMetrics subscriptionMetrics = new SubscriptionMetrics(meters, MessageTracing.NONE);
    private final SubscriptionMetrics.SubscriberMetrics subscriberMetrics = subscriptionMetrics.subscriberMetrics();

    @Test
    void resumingSubscriberIsNotLagging() {
        subscriptionMetrics.subscriberMetrics().live();

        assertThat(behind()).isZero();
    }

    @Test
    void laggingSubscriberIsCountedUntilItIsLiveAgain() {
        subscriberMetrics.live();
        subscriberMetrics.lagged();
        assertThat(behind()).isEqualTo(1);

        subscriberMetrics.live();

        assertThat(behind()).isZero();
        assertThat(overtaken()).isEqualTo(1);
    }

    @Test
    void laggingSubscriberThatEndsIsNoLongerCounted() {
        subscriberMetrics.lagged();

        subscriberMetrics.ended();

        assertThat(behind()).isZero();
    }

    @Test
    void repeatedlyLaggingSubscriberIsCountedOnce() {
        subscriberMetrics.lagged();
        subscriberMetrics.lagged();

        assertThat(behind()).isEqualTo(1);
    }

    @Test
    void lagAfterSubscriptionEndIsNotCounted() {
        subscriberMetrics.ended();
        subscriberMetrics.lagged();

        assertThat(behind()).isZero();
    }

    private double behind() {
        return meters.get("chatql.subscriptions.behind").gauge().value();
    }

    private double overtaken() {
        return meters.get("chatql.subscriptions.lagged").counter().count();
    }
}
