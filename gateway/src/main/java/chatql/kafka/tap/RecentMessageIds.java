package chatql.kafka.tap;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the tap remembers of one partition to tell messages that are surely new from those that may be repeats: the ids of
 * the latest records that have one, without gaps from an offset on. It never says that something is a repeat; history does.
 */
final class RecentMessageIds {
    /** History was asked right before a record was appended; so many others don't come between. */
    private static final int REMEMBERED = 2_048;

    /** The same client id to the same recipient; another sender's is rare enough to leave it to history. */
    record Id(String recipient, String clientMessageId) {}

    private final Map<Id, Long> latest = new LinkedHashMap<>();
    private long from;

    /** Begins again at the offset, remembering nothing. */
    void begin(long offset) {
        latest.clear();
        from = offset;
    }

    /**
     * Remembers the record.
     *
     * @param checked the offset up to which history knows that no record is the same
     * @return whether no record before it can be the same
     */
    boolean isNew(Id id, long offset, long checked) {
        boolean seen = latest.remove(id) != null;
        boolean isNew = !seen && checked >= from - 1;
        latest.put(id, offset);
        forgetTheOldest();
        return isNew;
    }

    private void forgetTheOldest() {
        if (latest.size() > REMEMBERED) {
            Iterator<Long> oldest = latest.values().iterator();
            from = oldest.next() + 1;
            oldest.remove();
        }
    }
}
