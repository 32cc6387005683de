package chatql.security;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.user.CallerAuthenticator;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;

/** No gateway accepts unauthenticated clients by accident. */
class SecurityConfigurationTest {
    private static final String CLUSTER = "spring.kafka.bootstrap-servers=kafka:9092";
    private static final String ONLY_LOOPBACK = "server.address=127.0.0.1";

    @TempDir
    static Path directory;

    private final ApplicationContextRunner gateway = new ApplicationContextRunner()
            .withUserConfiguration(SecurityConfiguration.class, WithServerProperties.class);

    @EnableConfigurationProperties(ServerProperties.class)
    static class WithServerProperties {}

    @Test
    void loopbackWithEmbeddedBrokerAllowsAnonymousAndIntrospection() {
        gateway.withPropertyValues(ONLY_LOOPBACK).run(context -> {
            assertThat(context.getBean(CallerAuthenticator.class)).isEqualTo(AnonymousAccess.ANYBODY);
            assertThat(context.getBean(IntrospectionPolicy.class).schema()).isTrue();
        });
    }

    @Test
    void loopbackWithClusterAllowsAnonymousInModeNone() {
        gateway.withPropertyValues(ONLY_LOOPBACK, CLUSTER, "chatql.auth.mode=none")
                .run(context ->
                        assertThat(context.getBean(CallerAuthenticator.class)).isEqualTo(AnonymousAccess.ANYBODY));
    }

    @Test
    void publicAddressAllowsAnonymousOnlyWhenConfirmed() {
        gateway.withPropertyValues(CLUSTER, "chatql.auth.mode=none", "chatql.auth.allow-anonymous=true")
                .run(context ->
                        assertThat(context.getBean(CallerAuthenticator.class)).isEqualTo(AnonymousAccess.ANYBODY));
    }

    @Test
    void jwtModeHidesSchemaUnlessConfigured() {
        gateway.withPropertyValues(jwt())
                .run(context -> assertThat(
                                context.getBean(IntrospectionPolicy.class).schema())
                        .isFalse());
        gateway.withPropertyValues(jwt())
                .withPropertyValues("chatql.auth.introspection=true")
                .run(context -> assertThat(
                                context.getBean(IntrospectionPolicy.class).schema())
                        .isTrue());
    }

    private static String[] jwt() {
        Path key = new Issuer().publicKey(directory);
        return new String[] {"chatql.auth.mode=jwt", "chatql.auth.audience=chatql", "chatql.auth.public-key=" + key};
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                Arguments.of("chatql.auth.mode", "is required with a Kafka cluster", new String[] {CLUSTER}),
                Arguments.of(
                        "chatql.auth.mode", "is required with a Kafka cluster", new String[] {CLUSTER, ONLY_LOOPBACK}),
                Arguments.of("chatql.auth.mode", "loopback", new String[] {}),
                Arguments.of("chatql.auth.mode", "loopback", new String[] {"server.address=0.0.0.0"}),
                Arguments.of("chatql.auth.mode", "loopback", new String[] {CLUSTER, "chatql.auth.mode=none"}),
                Arguments.of("chatql.auth.issuer-uri", "one of", new String[] {
                    "chatql.auth.mode=jwt", "chatql.auth.audience=chatql"
                }),
                Arguments.of("chatql.auth.audience", "audience", new String[] {
                    "chatql.auth.mode=jwt", "chatql.auth.public-key=" + key()
                }),
                Arguments.of("chatql.auth.public-key", "cannot be read", new String[] {
                    "chatql.auth.mode=jwt", "chatql.auth.audience=a", "chatql.auth.public-key=/no/such"
                }),
                Arguments.of("chatql.auth.jwks-uri", "only one", new String[] {
                    "chatql.auth.mode=jwt",
                    "chatql.auth.audience=a",
                    "chatql.auth.jwks-uri=http://localhost/keys",
                    "chatql.auth.public-key=" + key()
                }));
    }

    private static Path key() {
        return new Issuer().publicKey(directory);
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void invalidSettingStopsStartAndNamesProperty(String property, String why, String[] settings) {
        gateway.withPropertyValues(settings)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, refused -> {
                            assertThat(refused.getName()).isEqualTo(property);
                            assertThat(refused.getReason()).contains(why);
                        }));
    }
}
