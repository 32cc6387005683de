package chatql.graphql.transport;

import chatql.graphql.transport.admission.ConnectionLimiter;
import chatql.graphql.transport.budget.TransportSettings;
import chatql.graphql.transport.connection.ConnectionRegistry;
import chatql.graphql.transport.execution.DocumentCache;
import chatql.graphql.transport.execution.DocumentLimits;
import chatql.graphql.transport.execution.FastPath;
import chatql.limit.AnswerBudget;
import chatql.limit.Limit;
import chatql.limit.LimitConfiguration;
import chatql.limit.LimitMetrics;
import chatql.limit.LimitSettings;
import chatql.metrics.Meters;
import chatql.security.IntrospectionPolicy;
import chatql.user.CallerAuthenticator;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.graphql.server.WebGraphQlInterceptor;
import org.springframework.util.unit.DataSize;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** The transport on a real server at a random port, with {@link TestSchema} behind it. */
public final class TestServer implements AutoCloseable {

    public final TestSchema schema = new TestSchema();
    public final ConnectionRegistry connectionRegistry = new ConnectionRegistry();
    public final MeterRegistry meters = new SimpleMeterRegistry();
    public final AnswerBudget budget;
    final TransportSettings settings;
    final LimitSettings limits;
    private final DisposableServer server;

    private TestServer(
            CallerAuthenticator callerAuthenticator,
            Map<String, String> settings,
            WebGraphQlInterceptor... interceptors) {
        this.settings = settings("", TransportSettings.class, settings);
        this.limits = settings("limits", LimitSettings.class, settings);
        LimitMetrics limitMetrics = new LimitMetrics(meters);
        TransportConfiguration configuration = new TransportConfiguration();
        this.budget = settings.containsKey("answers")
                ? new AnswerBudget(DataSize.parse(settings.get("answers")).toBytes(), limitMetrics)
                : new LimitConfiguration().answerBudget(limits, limitMetrics, meters);
        StaticListableBeanFactory beans = new StaticListableBeanFactory();
        Stream.of(interceptors).forEach(each -> beans.addBean("interceptor" + beans.getBeanDefinitionCount(), each));
        ObjectProvider<WebGraphQlInterceptor> provider = beans.getBeanProvider(WebGraphQlInterceptor.class);
        DocumentLimits documents = new DocumentLimits(limits, limitMetrics);
        DocumentCache cache = new DocumentCache(FastPath.NONE, TestSchema.PAGES, documents);
        RequestDispatcher routes = configuration.requestDispatcher(
                configuration.webGraphQlHandler(schema.service(documents, cache), provider),
                provider,
                cache,
                callerAuthenticator,
                new IntrospectionPolicy(true),
                connectionRegistry,
                this.settings,
                limits,
                limitMetrics,
                budget,
                meters);
        this.server = ConnectionLimitsConfiguration.bounded(
                        HttpServer.create(),
                        this.settings,
                        new ConnectionLimiter(limits, this.settings, limitMetrics, budget))
                .port(0)
                .handle((request, response) ->
                        routes.handle(request, response).contextWrite(context -> context.put("filter", "was here")))
                .bindNow();
    }

    public static <T> T settings(String prefix, Class<T> type, Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings)).bindOrCreate(prefix, type);
    }

    public static TestServer start(WebGraphQlInterceptor... interceptors) {
        return new TestServer(PermitAll.INSTANCE, Map.of(), interceptors);
    }

    /**
     * {@code settings} are keys of {@code chatql.transport} without that prefix, and those of {@code chatql.limits} as
     * {@code limits.…}, and {@code answers} is the budget of answers.
     *
     * @param more of them, as key and value
     */
    public static TestServer with(Map<String, String> settings, String... more) {
        Map<String, String> all = new HashMap<>(settings);
        for (int i = 0; i < more.length; i += 2) {
            all.put(more[i], more[i + 1]);
        }
        return new TestServer(PermitAll.INSTANCE, all);
    }

    /** The number of times that the limit was reached. */
    public double refused(Limit limit) {
        return meters.get(Meters.LIMITS_REJECTED.id())
                .tag("limit", limit.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .counter()
                .count();
    }

    /** Starts a server with an authenticator. */
    public static TestServer behind(CallerAuthenticator callerAuthenticator) {
        return behind(callerAuthenticator, Map.of());
    }

    public static TestServer behind(CallerAuthenticator callerAuthenticator, Map<String, String> settings) {
        return new TestServer(callerAuthenticator, settings);
    }

    public int port() {
        return server.port();
    }

    public String url() {
        return "http://localhost:" + port() + "/graphql";
    }

    @Override
    public void close() {
        server.disposeNow(Duration.ofSeconds(5));
    }
}
