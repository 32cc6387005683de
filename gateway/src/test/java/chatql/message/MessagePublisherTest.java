package chatql.message;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.user.UserId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class MessagePublisherTest {
    private static final int MAX_SIZE = 16 * 1024;

    private final RecordingLog log = new RecordingLog();
    private final MessagePublisher messagePublisher = new MessagePublisher(log, MAX_SIZE);

    @Test
    void validMessageIsSentAndAnsweredWithItsOffset() {
        PostResult postResult = postResult("anna", "ben", "hello");

        assertThat(postResult)
                .isEqualTo(new PostResult.Posted(log.message(new Draft(user("anna"), user("ben"), "hello", null))));
        assertThat(log.drafts).containsExactly(new Draft(user("anna"), user("ben"), "hello", null));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " ", "\t\n", "\u2003"})
    void missingOrBlankArgumentIsRejectedByName(@Nullable String blank) {
        assertRefused(postResult(blank, "ben", "hello"), "senderId must not be blank");
        assertRefused(postResult("anna", blank, "hello"), "recipientId must not be blank");
        assertRefused(postResult("anna", "ben", blank), "content must not be blank");
    }

    @Test
    void everyInvalidArgumentIsReported() {
        assertRefused(
                postResult(null, " ", null),
                "senderId must not be blank",
                "recipientId must not be blank",
                "content must not be blank");
    }

    @Test
    void idOf128CharactersIsAcceptedAndLongerOneIsRejected() {
        assertThat(postResult("a".repeat(128), "b".repeat(128), "hello")).isInstanceOf(PostResult.Posted.class);

        assertRefused(postResult("a".repeat(129), "ben", "hello"), "senderId must not be longer than 128 characters");
        assertRefused(
                postResult("anna", "b".repeat(129), "hello"), "recipientId must not be longer than 128 characters");
    }

    @Test
    void contentOf16KibIsAcceptedAndMoreIsRejected() {
        assertThat(postResult("anna", "ben", "x".repeat(MAX_SIZE))).isInstanceOf(PostResult.Posted.class);

        assertRefused(
                postResult("anna", "ben", "x".repeat(MAX_SIZE + 1)), "content must not be larger than 16384 bytes");
    }

    @Test
    void contentIsMeasuredInBytesOfUtf8() {
        String emoji = "🙂";
        int fit = MAX_SIZE / emoji.getBytes(StandardCharsets.UTF_8).length;

        assertThat(postResult("anna", "ben", emoji.repeat(fit))).isInstanceOf(PostResult.Posted.class);
        assertRefused(
                postResult("anna", "ben", emoji.repeat(fit) + "x"), "content must not be larger than 16384 bytes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "👩‍👩‍👧‍👦 🏳️‍🌈",
                "שלום עולם",
                "مرحبا \u202Eالعالم\u202C",
                "zero\0nought",
                "\u0001\u0002\u001B[31m\u007F\u0085",
                "line\nline\r\nline\u2028line",
                "\"quoted\" and \\escaped\\ and {\"json\":true}",
                "e\u0301 is not é",
                "\uFEFFmarked",
                "\uFFFD\uFFFF"
            })
    void anyUnicodeContentIsAcceptedUnchanged(String content) {
        postResult("anna", "ben", content);

        assertThat(log.drafts).extracting(Draft::content).containsExactly(content);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\uD83D", "\uDE42", "half \uD83D a pair", "\uDE42\uD83D"})
    void unpairedSurrogateIsRejected(String broken) {
        assertRefused(postResult("anna", "ben", broken), "content must be valid Unicode");
        assertRefused(postResult(broken, "ben", "hello"), "senderId must be valid Unicode");
        assertRefused(postResult("anna", broken, "hello"), "recipientId must be valid Unicode");
    }

    @Test
    void unavailableLogIsErrorAndNeverSuccess() {
        log.unavailable = true;

        StepVerifier.create(messagePublisher.postResult("anna", "ben", "hello", null))
                .verifyError(LogUnavailable.class);
    }

    @Test
    void descriptionNeverContainsMessageText() {
        var draft = new Draft(user("anna"), user("ben"), "secret", null);

        assertThat(draft.toString()).doesNotContain("secret");
        assertThat(log.message(draft).toString()).doesNotContain("secret");
    }

    private PostResult postResult(@Nullable String sender, @Nullable String recipient, @Nullable String content) {
        PostResult postResult =
                messagePublisher.postResult(sender, recipient, content, null).block(Duration.ofSeconds(1));
        assertThat(postResult).isNotNull();
        return postResult;
    }

    private void assertRefused(PostResult postResult, String... reasons) {
        assertThat(postResult).isEqualTo(new PostResult.Refused(List.of(reasons)));
    }

    private static UserId user(String id) {
        return new UserId(id);
    }

    /** A log that records its drafts and gives each of them the same position. */
    private static final class RecordingLog implements MessageLog {
        private final List<Draft> drafts = new ArrayList<>();
        private boolean unavailable;

        Message message(Draft draft) {
            return new Message(new Cursor(0x1000, 2, 3, 4), draft.sender(), draft.recipient(), draft.content());
        }

        @Override
        public Mono<Message> append(Draft draft) {
            if (unavailable) {
                return Mono.error(new LogUnavailable("The message could not be stored", null));
            }
            drafts.add(draft);
            return Mono.just(message(draft));
        }

        @Override
        public Mono<LogRange> logRange(UserId user) {
            return Mono.error(() -> new IllegalStateException("not used by MessagePublisher"));
        }
    }
}
