package chatql.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chatql.security.AuthSettings.Mode;
import chatql.user.AccessDenied;
import chatql.user.Caller;
import chatql.user.UserId;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

class JwtAuthenticatorTest {
    private static final Issuer ISSUER = new Issuer();

    @TempDir
    static Path directory;

    private static JwtAuthenticator jwtAuthenticator;

    @BeforeAll
    static void begin() {
        AuthSettings settings = settings(ISSUER.publicKey(directory), null, null);
        jwtAuthenticator =
                new JwtAuthenticator(new JwtDecoderFactory(settings).decoder(null), settings, Clock.systemUTC());
    }

    private static AuthSettings settings(@Nullable Path key, @Nullable Path secret, @Nullable String algorithm) {
        return new AuthSettings(
                Mode.JWT,
                false,
                Issuer.NAME,
                null,
                key,
                secret,
                algorithm,
                Issuer.AUDIENCE,
                "sub",
                "scope",
                Duration.ofSeconds(30),
                null,
                Duration.ofMinutes(5));
    }

    @Test
    void validTokenGivesSubjectScopesAndExpiry() {
        Caller caller = caller(ISSUER.bearer("anna", JwtCaller.READ_ANY));

        assertThat(caller.id()).contains(new UserId("anna"));
        assertThat(caller.mayRead(new UserId("ben"))).isTrue();
        assertThat(caller.maySendAs(new UserId("ben"))).isFalse();
        assertThat(caller.expiresAt().orElseThrow())
                .isBetween(Instant.now().plusSeconds(200), Instant.now().plusSeconds(331));
    }

    @Test
    void tokenIsRevalidatedBeforeItExpires() {
        assertThat(caller(ISSUER.bearer("anna", Duration.ofHours(5)))
                        .recheckAt()
                        .orElseThrow())
                .isBetween(Instant.now().plusSeconds(200), Instant.now().plusSeconds(300));
        assertThat(caller(ISSUER.bearer("anna", Duration.ofHours(5)))
                        .expiresAt()
                        .orElseThrow())
                .isAfter(Instant.now().plus(Duration.ofHours(4)));
    }

    @Test
    void scopesAreAcceptedAsList() {
        String token = ISSUER.token(claims -> claims.claim("scope", List.of("else", JwtCaller.SEND_ANY)));

        assertThat(caller("Bearer " + token).maySendAs(new UserId("ben"))).isTrue();
    }

    @Test
    void schemeNameIsCaseInsensitive() {
        assertThat(caller("bearer " + ISSUER.token(claims -> claims)).id()).contains(new UserId("anna"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"JWT", "jwt", "at+jwt", "application/at+jwt"})
    void accessTokenTypeIsAccepted(String type) {
        var header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                .type(new JOSEObjectType(type))
                .build();

        assertThat(caller("Bearer " + ISSUER.sign(header, claims -> claims)).id())
                .contains(new UserId("anna"));
    }

    @Test
    void smallClockSkewIsTolerated() {
        assertThat(caller(ISSUER.bearer("anna", Duration.ofSeconds(-20)))
                        .expiresAt()
                        .orElseThrow())
                .isBetween(Instant.now(), Instant.now().plusSeconds(11));
    }

    static Stream<Arguments> wrong() {
        return WrongTokens.of(ISSUER).entrySet().stream().map(each -> Arguments.of(each.getKey(), each.getValue()));
    }

    @ParameterizedTest(name = "a token that is {0}")
    @MethodSource("wrong")
    void invalidTokenIsRejectedWithoutReason(String name, String authorization) {
        assertThatThrownBy(() -> caller(authorization)).isInstanceOfSatisfying(AccessDenied.class, denied -> {
            assertThat(denied.reason()).isEqualTo(AccessDenied.Reason.UNAUTHORIZED);
            assertThat(denied).hasMessage("The bearer token is not valid");
        });
    }

    @Test
    void missingTokenIsRejected() {
        assertThatThrownBy(() -> caller(null)).hasMessage("A bearer token is needed");
    }

    @Test
    void secretIsAcceptedForHmacOnly() throws Exception {
        Path secret = Files.writeString(directory.resolve("secret"), "0123456789abcdef0123456789abcdef\n");
        AuthSettings settings = settings(null, secret, null);
        var jwtAuthenticator =
                new JwtAuthenticator(new JwtDecoderFactory(settings).decoder(null), settings, Clock.systemUTC());

        assertThatThrownBy(() ->
                        jwtAuthenticator.authenticate(ISSUER.bearer("anna")).block())
                .isInstanceOf(AccessDenied.class);
        assertThatThrownBy(() ->
                        jwtAuthenticator.authenticate(bearer(Issuer.unsigned())).block())
                .isInstanceOf(AccessDenied.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "HS256", "foo"})
    void publicKeyRejectsOtherAlgorithmFamilies(String algorithm) {
        AuthSettings settings = settings(ISSUER.publicKey(directory), null, algorithm);

        assertThatThrownBy(() -> new JwtDecoderFactory(settings).decoder(null))
                .isInstanceOf(InvalidConfigurationPropertyValueException.class);
    }

    @Test
    void shortSecretIsRejected() throws Exception {
        Path secret = Files.writeString(directory.resolve("short"), "0123456789");

        assertThatThrownBy(() -> new JwtDecoderFactory(settings(null, secret, null)).decoder(null))
                .isInstanceOf(InvalidConfigurationPropertyValueException.class)
                .hasMessageContaining("chatql.auth.secret");
    }

    private static String bearer(String token) {
        return "Bearer " + token;
    }

    private static Caller caller(@Nullable String authorization) {
        return jwtAuthenticator.authenticate(authorization).block(Duration.ofSeconds(5));
    }
}
