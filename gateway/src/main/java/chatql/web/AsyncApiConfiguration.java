package chatql.web;

import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import chatql.security.IntrospectionPolicy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * Serves the contract of the topic of messages for other services: an AsyncAPI document and the JSON Schema that it
 * refers to. Served wherever introspection is allowed.
 */
@Configuration(proxyBeanMethods = false)
public class AsyncApiConfiguration {
    @Bean
    RouterFunction<ServerResponse> topicContract(IntrospectionPolicy introspectionPolicy) {
        return introspectionPolicy.schema() ? documents() : request -> Mono.empty();
    }

    private static RouterFunction<ServerResponse> documents() {
        return route().add(document("asyncapi.yaml", "application/vnd.aai.asyncapi+yaml"))
                .add(document("message.schema.json", "application/schema+json"))
                .build();
    }

    private static RouterFunction<ServerResponse> document(String name, String type) {
        var file = new ClassPathResource("contract/" + name);
        return route().GET(
                        "/" + name,
                        request -> ServerResponse.ok()
                                .contentType(MediaType.parseMediaType(type))
                                .bodyValue(file))
                .build();
    }
}
