package chatql.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chatql.security.KeyServer.Manner;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The time and the memory of a fetch are bounded for any response of an issuer. */
@Timeout(30)
class JwksClientTest {
    private static final Duration MAX_TIME = JwksClient.TIMEOUT.plusSeconds(1);

    private final KeyServer server = new KeyServer(new Issuer());

    @AfterEach
    void end() {
        server.close();
    }

    @Test
    void keysAreReadFromConfiguredAddress() {
        assertThat(JwksClient.at(server.url()).fetch().block(MAX_TIME).size()).isOne();
    }

    @Test
    void keysAreReadFromAddressInIssuerMetadata() {
        assertThat(JwksClient.of(server.origin()).fetch().block(MAX_TIME).size())
                .isOne();
        assertThat(server.asked()).isOne();
    }

    @Test
    void metadataOfAnotherIssuerIsRejected() {
        server.call("http://evil.example");

        assertThatThrownBy(() -> JwksClient.of(server.origin()).fetch().block(MAX_TIME))
                .hasMessageContaining("another issuer");
        assertThat(server.asked()).isZero();
    }

    @Test
    void metadataWithoutKeyAddressFails() {
        assertThatThrownBy(
                        () -> JwksClient.of(server.origin() + "/none").fetch().block(MAX_TIME))
                .hasMessageContaining("jwks_uri");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            SILENT,     No response within 3 s
            TRICKLING,  No response within 3 s
            GARBAGE,    The response is not a JWK Set
            OTHER_JSON, The response is not a JWK Set
            HUGE,       Exceeded limit on max bytes to buffer : 262144
            EMPTY,      The response has no keys
            FAILING,    500 Internal Server Error
            ELSEWHERE,  The response has no keys
            """)
    void badAnswerFailsWithinTimeout(Manner manner, String reason) {
        server.answer(manner);
        Instant begin = Instant.now();

        assertThatThrownBy(() -> JwksClient.at(server.url()).fetch().block(MAX_TIME))
                .hasStackTraceContaining(reason);
        assertThat(Duration.between(begin, Instant.now())).isLessThan(MAX_TIME);
        assertThat(server.asked()).isOne();
    }
}
