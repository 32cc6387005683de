package chatql.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class TextRulesTest {
    @Test
    void usernameHasOneTo64Characters() {
        assertThat(Username.violation("a")).isNull();
        assertThat(Username.violation("a".repeat(64))).isNull();
        assertThat(Username.violation("a".repeat(65))).isEqualTo("must not be longer than 64 characters");
        assertThat(Username.violation("")).isEqualTo("must not be blank");
        assertThat(Username.violation(" \t")).isEqualTo("must not be blank");
        assertThat(Username.violation(null)).isEqualTo("must not be blank");
    }

    @Test
    void userIdHasOneTo128Characters() {
        assertThat(UserId.violation("a".repeat(128))).isNull();
        assertThat(UserId.violation("a".repeat(129))).isEqualTo("must not be longer than 128 characters");
    }

    @Test
    void unpairedSurrogateIsRejected() {
        assertThat(Username.violation("🙂")).isNull();
        assertThat(Username.violation("🙂".substring(0, 1))).isEqualTo("must be valid Unicode");
    }

    @Test
    void invalidUsernameOrUserIdCannotBeConstructed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Username(" "))
                .withMessage("a username must not be blank");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new UserId("a".repeat(129)))
                .withMessage("a user's id must not be longer than 128 characters");
    }
}
