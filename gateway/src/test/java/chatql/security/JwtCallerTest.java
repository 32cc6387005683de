package chatql.security;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.user.UserId;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The permissions table of PROTOCOL.md: one row per cell. */
class JwtCallerTest {
    @ParameterizedTest(name = "{0} with the scope {1} and the messages of {2}")
    @CsvSource(nullValues = "none", textBlock = """
                anna, none,              anna, true,  true
                anna, none,              ben,  false, false
                anna, messages:read:any, anna, true,  true
                anna, messages:read:any, ben,  true,  false
                anna, messages:send:any, anna, true,  true
                anna, messages:send:any, ben,  false, true
                anna, messages:read,     ben,  false, false
                anna, any,               ben,  false, false
                Anna, none,              anna, false, false
                """)
    void callerMayReadAndSendByIdAndScope(String subject, String scope, String user, boolean mayRead, boolean maySend) {
        var jwtCaller =
                new JwtCaller(new UserId(subject), scope == null ? Set.of() : Set.of(scope), Instant.MAX, Instant.MAX);

        assertThat(jwtCaller.mayRead(new UserId(user))).isEqualTo(mayRead);
        assertThat(jwtCaller.maySendAs(new UserId(user))).isEqualTo(maySend);
    }
}
