package chatql.kafka.topology;

import chatql.kafka.record.InvalidRecordReason;

/** Hears what becomes of the records that aren't simply shown; of those that come again after a crash, again. */
public interface RecordOutcomeListener {
    /** Why a record was not shown although it is a message and stands where it belongs. */
    enum Repeat {
        /** It has the {@code clientMessageId} of an earlier one. */
        CLIENT_MESSAGE_ID,
        /** It was written again more than once. */
        REWRITTEN
    }

    /** A record went to the dead letters. */
    void deadLettered(InvalidRecordReason invalidRecordReason);

    /** A record was written again where it belongs. */
    void rerouted(InvalidRecordReason invalidRecordReason);

    /** A record is not shown, for it repeats an earlier one. */
    void suppressed(Repeat repeat);
}
