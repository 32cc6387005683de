package chatql.kafka.record;

/** What is wrong with a record that can't be shown where it stands, as far as it is counted. */
public enum InvalidRecordReason {
    /** It has no value. */
    VALUE,
    /** Its value is not JSON, or not an object. */
    JSON,
    /** A field is missing or not as it must be. */
    FIELD,
    /** It is larger than what can be written again. */
    SIZE,
    /** Its key is not its recipient. */
    KEY,
    /** It stands in a partition that isn't its recipient's. */
    PARTITION
}
