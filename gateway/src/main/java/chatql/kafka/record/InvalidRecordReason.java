package chatql.kafka.record;

/** Why a record cannot be shown at its position, as counted by the metrics. */
public enum InvalidRecordReason {
    /** The record has no value. */
    VALUE,
    /** The value is not JSON, or not an object. */
    JSON,
    /** A field is missing or invalid. */
    FIELD,
    /** The record is too large to be rerouted. */
    SIZE,
    /** The key is not the recipient. */
    KEY,
    /** The record is not in its recipient's partition. */
    PARTITION
}
