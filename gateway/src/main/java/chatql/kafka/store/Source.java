package chatql.kafka.store;

/**
 * A source of records that a store follows, and of which it has a {@link SourceCheckpoint}. The store of timelines has
 * several: its partition of the topic of messages, its partition of the topic of sent messages, and within that one the
 * records that originate from each partition of the topic of messages, because only those come in their log's order.
 *
 * @param store the name of the store
 * @param task the partition that the store's task reads
 * @param number of the source in its store: from 0 on, the partition of the topic of messages that records of the topic of
 *     sent messages originate from; a negative number is a topic's partition as a whole
 */
public record Source(String store, int task, int number) {
    /** The number of the topic of messages as a source. */
    public static final int INBOX = -1;

    /** The number of the whole topic of sent messages as a source. */
    static final int SENT = -2;

    /** The number of the only source of the store of users. */
    public static final int CLAIMS = -1;

    /** The partition of the topic of messages, as a source of the store of timelines. */
    public static Source inbox(int partition) {
        return timeline(partition, INBOX);
    }

    /** The whole partition of the topic of sent messages, as a source of the store of timelines. */
    public static Source sent(int partition) {
        return timeline(partition, SENT);
    }

    /** The records in a partition of the topic of sent messages that derive from one partition of the topic of messages. */
    public static Source sentFrom(int partition, int origin) {
        return timeline(partition, origin);
    }

    /** A source of the store of timelines by its number. */
    public static Source timeline(int partition, int number) {
        return new Source(StoreLayout.TIMELINE, partition, number);
    }

    /** The partition of the topic of users, as a source of the store of users. */
    public static Source claims(int partition) {
        return new Source(StoreLayout.USERS, partition, CLAIMS);
    }

    /** Whether the number is that of a whole topic, not of a partition of messages. */
    public static boolean isOwn(int number) {
        return number == INBOX || number == SENT;
    }
}
