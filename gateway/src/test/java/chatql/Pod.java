package chatql;

import static org.awaitility.Awaitility.await;

import chatql.limit.Limit;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.reactive.function.client.WebClient;

/** One gateway, running in this JVM. */
public final class Pod implements AutoCloseable {
    private final ConfigurableApplicationContext context;

    Pod(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** A client of this pod. */
    public Chat chat() {
        return new Chat(uri().resolve("/graphql"));
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + port("local.server.port"));
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    ConfigurableListableBeanFactory beans() {
        return context.getBeanFactory();
    }

    boolean has(Class<?> type) {
        return context.getBeanNamesForType(type).length > 0;
    }

    public URI management() {
        return URI.create("http://127.0.0.1:" + port("local.management.port"));
    }

    /** The current metrics, as Prometheus would read them. */
    public Scrape scrape() {
        return scrape(management());
    }

    /** The number of times that the limit was reached. */
    public double refused(Limit limit) {
        String label = limit.name().toLowerCase(Locale.ROOT).replace('_', '-');
        return scrape().sum("chatql_limits_rejected_total", "limit=" + label);
    }

    static Scrape scrape(URI management) {
        return Scrape.of(WebClient.builder()
                .codecs(codecs -> codecs.defaultCodecs().maxInMemorySize(1 << 22))
                .build()
                .get()
                .uri(management.resolve("/actuator/prometheus"))
                .retrieve()
                .bodyToMono(String.class)
                .block(Duration.ofSeconds(10)));
    }

    /** Whether Kubernetes' readiness probe would succeed. */
    public boolean isReady() {
        return isReady(management());
    }

    static boolean isReady(URI management) {
        return Boolean.TRUE.equals(WebClient.create()
                .get()
                .uri(management.resolve("/actuator/health/readiness"))
                .exchangeToMono(answer ->
                        answer.releaseBody().thenReturn(answer.statusCode().is2xxSuccessful()))
                .onErrorReturn(false)
                .block(Duration.ofSeconds(5)));
    }

    void awaitReady() {
        await("the pod to be ready").atMost(Duration.ofSeconds(60)).until(this::isReady);
    }

    private int port(String property) {
        return context.getEnvironment().getRequiredProperty(property, Integer.class);
    }

    @Override
    public void close() {
        context.close();
    }
}
