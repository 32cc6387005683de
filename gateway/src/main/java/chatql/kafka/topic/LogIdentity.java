package chatql.kafka.topic;

import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Uuid;

/** The topics by what tells them from others of the same names. */
public record LogIdentity(Map<String, Topic> topics) {
    /**
     * One topic, without its name.
     *
     * @param id that no other topic of this cluster ever has
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

    /** Empty for one that does not exist. */
    public Optional<Topic> topic(String name) {
        return Optional.ofNullable(topics.get(name));
    }

    /** What tells the topic from every other one of its name, as far as eight bytes can. */
    public long epoch(String name) {
        return Objects.requireNonNull(topics.get(name), name).id().getMostSignificantBits();
    }

    /** Short for what these topics are: another one when one of them is another, or has another number of partitions. */
    public String fingerprint(String... names) {
        String all = Stream.of(names)
                .map(name -> Objects.requireNonNull(topics.get(name), name))
                .map(topic -> topic.id() + "/" + topic.partitions())
                .collect(Collectors.joining(","));
        return Integer.toHexString(all.hashCode());
    }

    /**
     * What is wrong with the topic, by what it was at first; empty while nothing is.
     *
     * @param now the topics as they are
     */
    public Optional<String> change(String name, LogIdentity now) {
        Topic before = Objects.requireNonNull(topics.get(name), name);
        return now.topic(name).map(found -> change(name, before, found)).orElse(Optional.of(deleted(name)));
    }

    private static String deleted(String name) {
        return "Topic %s was deleted: stop all pods, then start them, which creates it anew, without its records"
                .formatted(name);
    }

    private static Optional<String> change(String name, Topic before, Topic now) {
        if (!now.id().equals(before.id())) {
            return Optional.of(
                    "Topic %s was deleted and created anew: stop all pods, then start them, which serves the new one or says what it lacks"
                            .formatted(name));
        }
        return now.partitions() == before.partitions()
                ? Optional.empty()
                : Optional.of(
                        "Topic %s has %d partitions and had %d: stop all pods, then start one, which says what to do"
                                .formatted(name, now.partitions(), before.partitions()));
    }
}
