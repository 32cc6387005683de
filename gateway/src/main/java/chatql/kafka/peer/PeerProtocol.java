package chatql.kafka.peer;

import chatql.history.Page;
import chatql.history.PageRequest;
import chatql.kafka.query.DuplicateLookup;
import chatql.kafka.store.Source;
import chatql.kafka.store.UsernameClaim;
import chatql.kafka.topic.TopicSettings;
import chatql.message.Cursor;
import chatql.message.Draft;
import chatql.message.Message;
import chatql.user.User;
import chatql.user.UserId;
import chatql.user.UserPage;
import chatql.user.UserSearch;
import chatql.user.Username;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What pods ask each other, as JSON. It is between pods of one version or the next, and for nobody else. */
final class PeerProtocol {
    private PeerProtocol() {}

    /** What a pod may ask. What is kept an account of by partition must be of one that exists. */
    interface PeerRequest {
        /** Throws any {@link RuntimeException} when no pod asks so. */
        void check(TopicSettings topics);
    }

    /** A selection, its cursors as text. */
    record Timeline(
            String user,
            int size,
            boolean latest,
            @Nullable String after,
            @Nullable String before,
            @Nullable String with,
            @Nullable String atLeast,
            Map<Integer, Long> written)
            implements PeerRequest {
        @Override
        public void check(TopicSettings topics) {
            new UserId(user);
            pageRequest().cursors().forEach(cursor -> topics.partition(cursor.partition()));
            written.keySet().stream().filter(source -> !Source.isOwn(source)).forEach(topics::partition);
        }

        static Timeline of(UserId user, PageRequest pageRequest, Map<Integer, Long> written) {
            return new Timeline(
                    user.value(),
                    pageRequest.size(),
                    pageRequest.latest(),
                    text(pageRequest.after()),
                    text(pageRequest.before()),
                    pageRequest.with() == null ? null : pageRequest.with().value(),
                    text(pageRequest.atLeast()),
                    written);
        }

        PageRequest pageRequest() {
            return new PageRequest(
                    size,
                    latest,
                    cursor(after),
                    cursor(before),
                    with == null ? null : new UserId(with),
                    cursor(atLeast));
        }

        private static @Nullable String text(@Nullable Cursor cursor) {
            return cursor == null ? null : cursor.text();
        }

        private static @Nullable Cursor cursor(@Nullable String text) {
            return text == null ? null : Cursor.parse(text).orElseThrow();
        }
    }

    record Inbox(String user, long timestamp, int partition, long offset, long end) implements PeerRequest {
        @Override
        public void check(TopicSettings topics) {
            new UserId(user);
            topics.partition(partition);
            after(0);
        }

        static Inbox of(UserId user, Cursor after, long end) {
            return new Inbox(user.value(), after.timestamp(), after.partition(), after.offset(), end);
        }

        Cursor after(long epoch) {
            return new Cursor(epoch, timestamp, partition, offset);
        }
    }

    /**
     * One of many inboxes that are asked for at once, each on behalf of somebody.
     *
     * @param authorization what its caller has shown; null for nothing
     */
    record BatchedInbox(@Nullable String authorization, Inbox inbox) implements PeerRequest {
        @Override
        public void check(TopicSettings topics) {
            inbox.check(topics);
        }
    }

    /**
     * To one of them.
     *
     * @param of which; -1 says that all were heard, and comes first
     * @param status as HTTP would say it
     * @param page null where it is refused
     */
    record Answer(int of, int status, @Nullable Messages page) {
        static final Answer HEARD = new Answer(-1, 200, null);
    }

    record Identity(String sender, String recipient, String clientMessageId) implements PeerRequest {
        @Override
        public void check(TopicSettings topics) {
            Objects.requireNonNull(identity().clientMessageId());
        }

        static Identity of(Draft.Identity identity) {
            return new Identity(identity.sender().value(), identity.recipient().value(), identity.clientMessageId());
        }

        Draft.Identity identity() {
            return new Draft.Identity(new UserId(sender), new UserId(recipient), clientMessageId);
        }
    }

    record DuplicateLookupDto(@Nullable MessageDto first, long checked) {
        static DuplicateLookupDto of(DuplicateLookup duplicateLookup) {
            return new DuplicateLookupDto(
                    duplicateLookup.first() == null ? null : MessageDto.of(duplicateLookup.first()),
                    duplicateLookup.checked());
        }

        DuplicateLookup duplicateLookup() {
            return new DuplicateLookup(first == null ? null : first.message(), checked);
        }
    }

    /** A name, and the offset of the claims' partition that must be known; -1 for none. */
    record Name(String name, long offset) implements PeerRequest {
        @Override
        public void check(TopicSettings topics) {
            new Username(name);
        }
    }

    record Alike(int partition, String name) implements PeerRequest {
        @Override
        public void check(TopicSettings topics) {
            topics.userPartition(partition);
            new Username(name);
        }
    }

    record MessageDto(
            long epoch, long timestamp, int partition, long offset, String sender, String recipient, String content) {
        static MessageDto of(Message message) {
            Cursor at = message.cursor();
            return new MessageDto(
                    at.epoch(),
                    at.timestamp(),
                    at.partition(),
                    at.offset(),
                    message.sender().value(),
                    message.recipient().value(),
                    message.content());
        }

        Message message() {
            var cursor = new Cursor(epoch, timestamp, partition, offset);
            return new Message(cursor, new UserId(sender), new UserId(recipient), content);
        }
    }

    record Messages(List<MessageDto> messages, boolean hasPrevious, boolean hasNext) {
        static Messages of(Page page) {
            return new Messages(
                    page.messages().stream().map(MessageDto::of).toList(), page.hasPrevious(), page.hasNext());
        }

        Page page() {
            return new Page(messages.stream().map(MessageDto::message).toList(), hasPrevious, hasNext);
        }
    }

    record Names(int partition, int size, @Nullable String after, String prefix) implements PeerRequest {
        @Override
        public void check(TopicSettings topics) {
            topics.userPartition(partition);
            userSearch();
        }

        static Names of(int partition, UserSearch userSearch) {
            Username after = userSearch.after();
            return new Names(partition, userSearch.size(), after == null ? null : after.value(), userSearch.prefix());
        }

        UserSearch userSearch() {
            return new UserSearch(size, after == null ? null : new Username(after), prefix);
        }
    }

    record Users(List<Somebody> users, boolean hasNext) {
        record Somebody(String username, String userId) {}

        static Users of(UserPage page) {
            return new Users(
                    page.users().stream()
                            .map(user -> new Somebody(
                                    user.username().value(), user.userId().value()))
                            .toList(),
                    page.hasNext());
        }

        UserPage page() {
            return new UserPage(
                    users.stream()
                            .map(user -> new User(new Username(user.username()), new UserId(user.userId())))
                            .toList(),
                    hasNext);
        }
    }

    /** The claim that has the name; without an owner when nobody has it. */
    record ClaimDto(
            long offset, @Nullable String userId, @Nullable String username) {
        static final ClaimDto BY_NOBODY = new ClaimDto(-1, null, null);

        static ClaimDto of(UsernameClaim entry) {
            return new ClaimDto(
                    entry.offset(), entry.userId().value(), entry.shown().value());
        }

        /** @param claimed what a pod of before, which doesn't know how the name is shown, was asked for */
        Optional<UsernameClaim> entry(Username claimed) {
            return Optional.ofNullable(userId)
                    .map(id -> new UsernameClaim(
                            offset, new UserId(id), username == null ? claimed : new Username(username)));
        }
    }
}
