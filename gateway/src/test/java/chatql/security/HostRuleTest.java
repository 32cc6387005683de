package chatql.security;

import static chatql.security.HostVerdict.FOREIGN;
import static chatql.security.HostVerdict.MALFORMED;
import static chatql.security.HostVerdict.SERVED;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostRuleTest {
    private static final HostRule LOOPBACK =
            HostRule.on(InetAddress.getLoopbackAddress(), List.of("Chat.example.com", "[fd00::1]"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "localhost:8080",
                "LOCALHOST",
                "localhost.",
                "chat.localhost:8080",
                "127.0.0.1",
                "127.0.0.1:8080",
                "127.255.3.9",
                "[::1]",
                "[::1]:8080",
                "[0:0:0:0:0:0:0:1]",
                "[::ffff:127.0.0.1]",
                "chat.example.com",
                "CHAT.example.com:443",
                "[fd00::1]:8080"
            })
    void loopbackAddressServesItsOwnAndAllowedNames(String host) {
        assertThat(of(LOOPBACK, host)).isEqualTo(SERVED);
        assertThat(of(LOOPBACK, host)).isEqualTo(SERVED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:8080",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "evil-localhost",
                "notlocalhost:8080",
                "128.0.0.1",
                "192.168.0.1:8080",
                "0.0.0.0",
                "[::2]",
                "[::]:8080",
                "x.chat.example.com",
                "",
                "."
            })
    void loopbackAddressServesNoOtherName(String host) {
        assertThat(of(LOOPBACK, host)).isEqualTo(FOREIGN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "local host",
                "localhost:80:80",
                "localhost:http",
                "localhost:123456",
                "http://localhost",
                "localhost/",
                "user@localhost",
                "[::1",
                "::1",
                "[]",
                "loc\u00e4lhost",
                "localhost,localhost"
            })
    void invalidHostIsMalformedEverywhere(String host) {
        assertThat(of(LOOPBACK, host)).isNotEqualTo(SERVED);
        if (!host.contains(",")) {
            assertThat(of(LOOPBACK, host)).isEqualTo(MALFORMED);
            assertThat(of(HostRule.on(null, List.of()), host)).isEqualTo(MALFORMED);
        }
    }

    @Test
    void nonLoopbackAddressServesEveryName() throws Exception {
        for (InetAddress address : new InetAddress[] {null, InetAddress.getByName("0.0.0.0")}) {
            HostRule rule = HostRule.on(address, List.of("chat.example.com"));

            assertThat(of(rule, "evil.example")).isEqualTo(SERVED);
            assertThat(of(rule, "10.1.2.3:8080")).isEqualTo(SERVED);
        }
    }

    @Test
    void missingHttp11HostAndDuplicateHostAreMalformed() {
        HostRule anywhere = HostRule.on(null, List.of());

        for (HostRule rule : new HostRule[] {LOOPBACK, anywhere}) {
            assertThat(rule.of(List.of(), true)).isEqualTo(MALFORMED);
            assertThat(rule.of(List.of(), false)).isEqualTo(SERVED);
            assertThat(rule.of(List.of("localhost", "localhost"), true)).isEqualTo(MALFORMED);
            assertThat(rule.of(List.of("localhost", "localhost"), false)).isEqualTo(MALFORMED);
        }
    }

    private static HostVerdict of(HostRule rule, String host) {
        return rule.of(List.of(host), true);
    }
}
