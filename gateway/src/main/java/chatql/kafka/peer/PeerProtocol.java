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

/** The queries between pods, as JSON. Only pods of the same version or the next one use it. */
final class PeerProtocol {
    private PeerProtocol() {}

    /** A query of another pod. A partition that selects state on this pod must exist. */
    interface PeerRequest {
        /** Throws a {@link RuntimeException} if the query is invalid. */
        void check(TopicSettings topics);
    }

    /** A query for a page of a timeline, with cursors as text. */
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
     * One of several inbox queries in a batch, each on behalf of a caller.
     *
     * @param authorization the caller's credentials; null for none
     */
    record BatchedInbox(@Nullable String authorization, Inbox inbox) implements PeerRequest {
        @Override
        public void check(TopicSettings topics) {
            inbox.check(topics);
        }
    }

    /**
     * The answer to one query of a batch.
     *
     * @param of the index of the query; -1 acknowledges the batch, and comes first
     * @param status the HTTP status of this answer
     * @param page null if the query failed
     */
    record Answer(int of, int status, @Nullable Messages page) {
        static final Answer KEEP_ALIVE = new Answer(-1, 200, null);
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

    /** A username, and the offset of a claim that the store must have; -1 for none. */
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

    record Users(List<UserDto> users, boolean hasNext) {
        record UserDto(String username, String userId) {}

        static Users of(UserPage page) {
            return new Users(
                    page.users().stream()
                            .map(user -> new UserDto(
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

    /** The winning claim of a username; without an owner if the username is free. */
    record ClaimDto(
            long offset, @Nullable String userId, @Nullable String username) {
        static final ClaimDto UNCLAIMED = new ClaimDto(-1, null, null);

        static ClaimDto of(UsernameClaim entry) {
            return new ClaimDto(
                    entry.offset(), entry.userId().value(), entry.shown().value());
        }

        /** @param claimed the username to use if an older pod answers, which does not send the displayed form */
        Optional<UsernameClaim> entry(Username claimed) {
            return Optional.ofNullable(userId)
                    .map(id -> new UsernameClaim(
                            offset, new UserId(id), username == null ? claimed : new Username(username)));
        }
    }
}
