package chatql.security;

import chatql.setting.PropertyConstraints;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The names of the gateway.
 *
 * @param allowedHosts names that {@code Host} may have where the gateway listens on a loopback address, besides
 *     that address's own.
 */
@ConfigurationProperties("chatql.transport")
record HostSettings(@DefaultValue List<String> allowedHosts) {
    private static final String NAME = "[A-Za-z0-9.-]{1,253}|\\[[0-9A-Fa-f:.]+]";

    HostSettings {
        new PropertyConstraints("chatql.transport")
                .that(
                        allowedHosts.stream().allMatch(name -> name.matches(NAME)),
                        "allowed-hosts",
                        String.join(",", allowedHosts),
                        "host names without a port, such as chat.example.com,gateway.internal");
    }
}
