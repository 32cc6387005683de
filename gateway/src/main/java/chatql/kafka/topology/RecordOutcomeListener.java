package chatql.kafka.topology;

import chatql.kafka.record.InvalidRecordReason;

/** Observes records that are not simply stored. After a crash, it may see the same records again. */
public interface RecordOutcomeListener {
    /** The reason why a valid record in the right partition is not shown. */
    enum Repeat {
        /** The record has the {@code clientMessageId} of an earlier one. */
        CLIENT_MESSAGE_ID,
        /** The record was rerouted more than once. */
        REWRITTEN
    }

    /** A record was dead-lettered. */
    void deadLettered(InvalidRecordReason invalidRecordReason);

    /** A record was rerouted to its recipient's partition. */
    void rerouted(InvalidRecordReason invalidRecordReason);

    /** A record is not shown, because it repeats an earlier one. */
    void suppressed(Repeat repeat);
}
