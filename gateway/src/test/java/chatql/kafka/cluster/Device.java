package chatql.kafka.cluster;

import chatql.Chat;
import chatql.Following;
import java.util.ArrayList;
import java.util.List;

/** A user's client, which subscribes again after its last cursor whenever a subscription or its socket ends. */
final class Device implements AutoCloseable {
    private final Chat chat;
    private final String user;
    /** What ended subscriptions have brought, in order. */
    private final List<String> received = new ArrayList<>();

    private String after = "earliest";
    private Following current;
    private int reconnects;

    Device(Chat chat, String user) {
        this.chat = chat;
        this.user = user;
        this.current = chat.follow(user, after);
    }

    /** Connects again if that is necessary. */
    synchronized void keepUp() {
        if (current.end() == null && current.closed() == null) {
            return;
        }
        received.addAll(current.contents());
        after = current.cursor(after);
        current.close();
        current = chat.follow(user, after);
        reconnects++;
    }

    /** What it has shown so far, in order. */
    synchronized List<String> contents() {
        var all = new ArrayList<>(received);
        all.addAll(current.contents());
        return all;
    }

    synchronized int reconnects() {
        return reconnects;
    }

    String user() {
        return user;
    }

    @Override
    public synchronized void close() {
        current.close();
    }
}
