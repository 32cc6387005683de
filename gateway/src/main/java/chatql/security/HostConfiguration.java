package chatql.security;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementServerProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.server.WebFilter;

/** Wires the check of the {@code Host} header, for pods of every role. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(HostSettings.class)
public class HostConfiguration {
    @Bean
    HostRule hosts(HostSettings settings, ServerProperties server) {
        return HostRule.on(server.getAddress(), settings.allowedHosts());
    }

    @Bean
    WebFilter hostFilter(
            ApplicationContext server,
            HostRule hosts,
            HostSettings settings,
            ObjectProvider<ManagementServerProperties> management) {
        return new HostFilter(server, hosts, HostRule.on(address(management), settings.allowedHosts()));
    }

    private static @Nullable InetAddress address(ObjectProvider<ManagementServerProperties> management) {
        ManagementServerProperties properties = management.getIfAvailable();
        return properties == null ? null : properties.getAddress();
    }
}
