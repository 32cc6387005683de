package chatql.kafka.topic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DurabilityTest {
    @Test
    void safeTopicHasNoWarning() {
        assertThat(new Durability("t", 3, 3, 2, false).warnings()).isEmpty();
    }

    @Test
    void singleReplicaOnSingleBrokerHasNoWarning() {
        assertThat(new Durability("t", 1, 1, 1, false).warnings()).isEmpty();
    }

    @Test
    void oneReplicaAmongSeveralBrokersIsAWarning() {
        assertThat(new Durability("t", 3, 1, 1, false).warnings())
                .containsExactly("Topic t has 1 replica in a cluster of 3 brokers: the loss of a disk loses messages;"
                        + " give it 3 with kafka-reassign-partitions");
    }

    @Test
    void oneInSyncReplicaOfThreeIsAWarning() {
        assertThat(new Durability("t", 3, 3, 1, false).warnings())
                .singleElement()
                .asString()
                .startsWith("Topic t has min.insync.replicas=1");
    }

    @Test
    void uncleanElectionIsAWarning() {
        assertThat(new Durability("t", 1, 1, 1, true).warnings())
                .singleElement()
                .asString()
                .startsWith("Topic t has unclean.leader.election.enable=true");
    }
}
