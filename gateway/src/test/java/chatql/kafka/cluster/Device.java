package chatql.kafka.cluster;

import chatql.Chat;
import chatql.Following;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** A user's client, which subscribes again after its last cursor whenever a subscription or its socket ends. */
final class Device implements AutoCloseable {
    private static final String EARLIEST = "earliest";

    private final Chat chat;
    private final String user;
    /** What ended subscriptions have brought, in order. */
    private final List<JsonNode> received = new ArrayList<>();

    private final Set<String> ids = new HashSet<>();
    private String after = EARLIEST;
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
        boolean lost = current.end() != null && current.end().toString().contains("CURSOR_EXPIRED");
        List<JsonNode> news = news();
        received.addAll(news);
        news.forEach(message -> ids.add(message.get("id").stringValue()));
        after = lost ? EARLIEST : current.cursor(after);
        current.close();
        current = chat.follow(user, after);
        reconnects++;
    }

    /** A client that starts with the oldest message again drops known ones by their id. */
    private List<JsonNode> news() {
        return current.messages().stream()
                .filter(message -> !after.equals(EARLIEST)
                        || !ids.contains(message.get("id").stringValue()))
                .toList();
    }

    /** What it has shown so far, in order. */
    synchronized List<String> contents() {
        var all = new ArrayList<>(received);
        all.addAll(news());
        return all.stream().map(message -> message.get("content").stringValue()).toList();
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
