package chatql;

import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.graphql.autoconfigure.reactive.GraphQlWebFluxAutoConfiguration;
import org.springframework.context.annotation.Import;

/** The gateway, assembled. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = GraphQlWebFluxAutoConfiguration.class)
@Import(GatewayConfiguration.class)
public class Gateway {
    public static void main(String[] arguments) {
        if (arguments.length > 0 && arguments[0].equals(DeadLetterTool.NAME)) {
            System.exit(DeadLetterTool.run(List.of(arguments).subList(1, arguments.length)));
        }
        SpringApplication.run(Gateway.class, arguments);
    }
}
