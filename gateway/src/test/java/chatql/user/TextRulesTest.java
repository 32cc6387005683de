package chatql.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class TextRulesTest {
    @Test
    void aNameHasOneTo64Characters() {
        assertThat(Username.fault("a")).isNull();
        assertThat(Username.fault("a".repeat(64))).isNull();
        assertThat(Username.fault("a".repeat(65))).isEqualTo("must not be longer than 64 characters");
        assertThat(Username.fault("")).isEqualTo("must not be blank");
        assertThat(Username.fault(" \t")).isEqualTo("must not be blank");
        assertThat(Username.fault(null)).isEqualTo("must not be blank");
    }

    @Test
    void anIdHasOneTo128Characters() {
        assertThat(UserId.fault("a".repeat(128))).isNull();
        assertThat(UserId.fault("a".repeat(129))).isEqualTo("must not be longer than 128 characters");
    }

    @Test
    void halfASurrogatePairIsNoUnicode() {
        assertThat(Username.fault("🙂")).isNull();
        assertThat(Username.fault("🙂".substring(0, 1))).isEqualTo("must be valid Unicode");
    }

    @Test
    void aNameOrIdThatExistsIsValid() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Username(" "))
                .withMessage("a username must not be blank");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new UserId("a".repeat(129)))
                .withMessage("a user's id must not be longer than 128 characters");
    }
}
