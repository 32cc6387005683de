package chatql.kafka.topic;

import chatql.message.Epochs;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Uuid;

/** The identity of each topic, which distinguishes it from another topic of the same name. */
public record LogIdentity(Map<String, Topic> topics) {
    /**
     * The identity of one topic, without its name.
     *
     * @param id unique among all topics that the cluster has ever had
     */
    public record Topic(Uuid id, int partitions) {
        static Topic of(TopicDescription found) {
            return new Topic(found.topicId(), found.partitions().size());
        }
    }

    public LogIdentity {
        topics = Map.copyOf(topics);
    }

    static LogIdentity of(Collection<TopicDescription> found) {
        return new LogIdentity(found.stream().collect(Collectors.toMap(TopicDescription::name, Topic::of)));
    }

    /** The topic's identity; empty if the topic does not exist. */
    public Optional<Topic> topic(String name) {
        return Optional.ofNullable(topics.get(name));
    }

    /** The topic's first epoch: a part of its id, which distinguishes topics of the same name. */
    public long epoch(String name) {
        return Epochs.first(Objects.requireNonNull(topics.get(name), name).id().getMostSignificantBits());
    }

    /** A hash of the topics' identities, which changes if one of them is replaced or has another number of partitions. */
    public String fingerprint(String... names) {
        String all = Stream.of(names)
                .map(name -> Objects.requireNonNull(topics.get(name), name))
                .map(topic -> topic.id() + "/" + topic.partitions())
                .collect(Collectors.joining(","));
        return Integer.toHexString(all.hashCode());
    }

    /**
     * The change of the topic since this identity was taken; empty if there is none.
     *
     * @param now the identity of the topics now
     */
    public Optional<String> change(String name, LogIdentity now) {
        Topic before = Objects.requireNonNull(topics.get(name), name);
        return now.topic(name).map(found -> change(name, before, found)).orElse(Optional.of(deleted(name)));
    }

    private static String deleted(String name) {
        return "Topic %s was deleted: stop all pods, then start them; the start re-creates it without its records"
                .formatted(name);
    }

    private static Optional<String> change(String name, Topic before, Topic now) {
        if (!now.id().equals(before.id())) {
            return Optional.of(
                    "Topic %s was deleted and re-created: stop all pods, then start them; the start serves the new topic or says what it lacks"
                            .formatted(name));
        }
        return now.partitions() == before.partitions()
                ? Optional.empty()
                : Optional.of("Topic %s has %d partitions and had %d: stop all pods, then start one; it says what to do"
                        .formatted(name, now.partitions(), before.partitions()));
    }
}
