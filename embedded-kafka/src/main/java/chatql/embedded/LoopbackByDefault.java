package chatql.embedded;

import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.StringUtils;

/**
 * Makes a gateway with an embedded broker, which typically runs on a laptop, listen on loopback only, unless an address
 * is configured.
 */
final class LoopbackByDefault implements EnvironmentPostProcessor, Ordered {
    private static final String NAME = "loopbackByDefault";
    private static final String DEFAULT_SERVER_PORT = "8080";

    /** After the configuration files are read, because they may configure a broker or an address. */
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        if (NoBrokerNamed.in(environment)) {
            environment.getPropertySources().addLast(new MapPropertySource(NAME, addresses(environment)));
        }
    }

    private static Map<String, Object> addresses(ConfigurableEnvironment environment) {
        var addresses = new HashMap<String, Object>(Map.of("server.address", LoopbackPort.HOST));
        if (hasManagementPort(environment)) {
            addresses.put("management.server.address", LoopbackPort.HOST);
        }
        return addresses;
    }

    /** Spring Boot rejects a management address without a separate management port. */
    private static boolean hasManagementPort(ConfigurableEnvironment environment) {
        var port = environment.getProperty("management.server.port");
        return StringUtils.hasText(port)
                && ("0".equals(port) || !port.equals(environment.getProperty("server.port", DEFAULT_SERVER_PORT)));
    }
}
