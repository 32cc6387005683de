package chatql.kafka.tap;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The ids of a partition's latest records that have a {@code clientMessageId}, without gaps from an offset on. They
 * tell messages that are certainly new from those that may repeat an earlier one. Only history can tell that a message
 * is a duplicate.
 */
final class RecentMessageIds {
    /** History is queried right before a record is appended, and fewer records than this are appended in between. */
    private static final int MAX_IDS = 2_048;

    /** The same client id for the same recipient. Two senders with the same id are rare, so history decides about them. */
    record Id(String recipient, String clientMessageId) {}

    private final Map<Id, Long> latest = new LinkedHashMap<>();
    private long from;

    /** Starts at the offset and forgets all ids. */
    void begin(long offset) {
        latest.clear();
        from = offset;
    }

    /**
     * Remembers the record.
     *
     * @param checked the offset up to which history has no record with this identity
     * @return whether no earlier record can have the same identity
     */
    boolean isNew(Id id, long offset, long checked) {
        boolean seen = latest.remove(id) != null;
        boolean isNew = !seen && checked >= from - 1;
        latest.put(id, offset);
        evictOldest();
        return isNew;
    }

    private void evictOldest() {
        if (latest.size() > MAX_IDS) {
            Iterator<Long> oldest = latest.values().iterator();
            from = oldest.next() + 1;
            oldest.remove();
        }
    }
}
