package chatql.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientAddressTest {
    private static final InetSocketAddress PEER = new InetSocketAddress("10.0.0.9", 4711);

    @Test
    void addressIsThatOfConnectionWithoutProxies() {
        assertThat(ClientAddress.of(PEER, List.of("1.2.3.4"), 0)).isEqualTo(of("10.0.0.9"));
    }

    @Test
    void addressesLeftOfThoseOfProxiesAreIgnored() {
        assertThat(ClientAddress.of(PEER, List.of("6.6.6.6, 1.2.3.4"), 1)).isEqualTo(of("1.2.3.4"));
        assertThat(ClientAddress.of(PEER, List.of("6.6.6.6, 1.2.3.4", "5.5.5.5"), 2))
                .isEqualTo(of("1.2.3.4"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "unknown", "1.2.3", "a:b:c", "[", "1.2.3.4:x:y"})
    void invalidForwardedAddressIsIgnored(String header) {
        assertThat(ClientAddress.of(PEER, List.of(header), 1)).isEqualTo(of("10.0.0.9"));
    }

    @Test
    void addressIsThatOfConnectionWithoutHeader() {
        assertThat(ClientAddress.of(PEER, List.of(), 1)).isEqualTo(of("10.0.0.9"));
    }

    @ParameterizedTest
    @CsvSource({
        "1.2.3.4:5678, 1.2.3.4",
        "2001:db8:1:2:3:4:5:6, 2001:db8:1:2::1",
        "[2001:db8:1:2::9]:80, 2001:db8:1:2::1",
        "::ffff:1.2.3.4, 1.2.3.4"
    })
    void equivalentFormsAreOneAddress(String one, String other) {
        assertThat(ClientAddress.of(PEER, List.of(one), 1)).isEqualTo(of(other));
    }

    private static ClientAddress of(String text) {
        return ClientAddress.of(new InetSocketAddress(text, 1), List.of(), 0);
    }
}
