package chatql;

import chatql.kafka.KafkaConfiguration;
import chatql.security.SecurityConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The gateway's parts, put together by what this pod is for. */
@Configuration(proxyBeanMethods = false)
@Import({KafkaConfiguration.class, SecurityConfiguration.class, Roles.class})
class GatewayConfiguration {}
