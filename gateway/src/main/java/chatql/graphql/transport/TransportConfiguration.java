package chatql.graphql.transport;

import chatql.graphql.transport.admission.AdmissionControl;
import chatql.graphql.transport.budget.TransportSettings;
import chatql.graphql.transport.connection.ConnectionCloseFilter;
import chatql.graphql.transport.connection.ConnectionMetrics;
import chatql.graphql.transport.connection.ConnectionRegistry;
import chatql.graphql.transport.connection.ConnectionRegistry.Transport;
import chatql.graphql.transport.connection.Drain;
import chatql.graphql.transport.connection.TransportContext;
import chatql.graphql.transport.connection.TransportMetrics;
import chatql.graphql.transport.execution.DocumentCache;
import chatql.graphql.transport.execution.DocumentLimits;
import chatql.graphql.transport.execution.FastPath;
import chatql.graphql.transport.execution.FetchCancellation;
import chatql.graphql.transport.execution.GraphQlExecutor;
import chatql.graphql.transport.execution.PageSizes;
import chatql.graphql.transport.http.GraphQlRequestReader;
import chatql.graphql.transport.http.HttpEndpoint;
import chatql.graphql.transport.http.HttpRequestMetrics;
import chatql.graphql.transport.request.Json;
import chatql.graphql.transport.sse.SseEndpoint;
import chatql.graphql.transport.websocket.WebSocketEndpoint;
import chatql.limit.AnswerBudget;
import chatql.limit.LimitMetrics;
import chatql.limit.LimitSettings;
import chatql.security.HostConfiguration;
import chatql.security.HostRule;
import chatql.security.IntrospectionPolicy;
import chatql.tracing.SpanObservations;
import chatql.user.CallerAuthenticator;
import graphql.parser.ParserOptions;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.observation.ObservationPredicate;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.graphql.autoconfigure.GraphQlSourceBuilderCustomizer;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.reactor.netty.NettyRouteProvider;
import org.springframework.boot.web.server.Shutdown;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.webflux.autoconfigure.WebFluxProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.graphql.ExecutionGraphQlService;
import org.springframework.graphql.server.WebGraphQlHandler;
import org.springframework.graphql.server.WebGraphQlInterceptor;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.server.WebFilter;

/** Beans of the transports. Spring GraphQL's own routes must be disabled. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TransportSettings.class)
@Import({HostConfiguration.class, ConnectionLimitsConfiguration.class})
public class TransportConfiguration {

    @Bean
    WebFilter graphQlEntrance(
            ApplicationContext server,
            RequestDispatcher dispatcher,
            TransportSettings settings,
            HttpRequestMetrics metrics) {
        return new GraphQlWebFilter(server, settings.path(), origins(settings), dispatcher, metrics);
    }

    @Bean
    NettyRouteProvider directEntrance(
            RequestDispatcher dispatcher,
            TransportSettings settings,
            HttpRequestMetrics metrics,
            HostRule hosts,
            WebFluxProperties webFlux) {
        String base = Objects.requireNonNullElse(webFlux.getBasePath(), "");
        return new NettyGraphQlRoute(base + settings.path(), hosts, dispatcher, metrics);
    }

    @Bean
    WebFilter connectionClose(ConnectionRegistry connectionRegistry) {
        return new ConnectionCloseFilter(connectionRegistry);
    }

    @Bean
    HttpRequestMetrics httpRequestMetrics(MeterRegistry meters, SpanObservations spans, TransportSettings settings) {
        return new HttpRequestMetrics(meters, spans, settings.path());
    }

    /** Disables WebFlux's observation of the requests that {@link HttpRequestMetrics} observes. */
    @Bean
    ObservationPredicate withoutRequests(TransportSettings settings) {
        return (name, context) -> !(context instanceof ServerRequestObservationContext request
                && request.getCarrier() != null
                && GraphQlWebFilter.isAt(settings.path(), request.getCarrier()));
    }

    /**
     * The origins whose pages are served. A request from any other page is rejected, upgrades included, because a
     * browser would send it on behalf of its user.
     */
    private static CorsConfiguration origins(TransportSettings settings) {
        var origins = new CorsConfiguration();
        origins.setAllowedOrigins(settings.allowedOrigins());
        origins.setAllowedMethods(List.of("GET", "POST"));
        origins.setAllowedHeaders(
                List.of("Authorization", "Content-Type", "Last-Event-ID", "traceparent", "tracestate"));
        return origins;
    }

    @Bean
    RequestDispatcher requestDispatcher(
            WebGraphQlHandler handler,
            ObjectProvider<WebGraphQlInterceptor> interceptors,
            DocumentCache documents,
            CallerAuthenticator callerAuthenticator,
            IntrospectionPolicy introspectionPolicy,
            ConnectionRegistry connectionRegistry,
            TransportSettings settings,
            LimitSettings limits,
            LimitMetrics limitMetrics,
            AnswerBudget budget,
            MeterRegistry meters) {
        ParserOptions parser = DocumentLimits.parser(limits);
        Json json = new Json();
        GraphQlExecutor graphQlExecutor = new GraphQlExecutor(handler, documents, parser, introspectionPolicy.schema());
        TransportContext transportContext = new TransportContext(
                connectionRegistry,
                settings,
                limits,
                limitMetrics,
                parser,
                json,
                new TransportMetrics(meters, Clock.systemUTC(), Transport.WEBSOCKET),
                new TransportMetrics(meters, Clock.systemUTC(), Transport.SSE));
        return new RequestDispatcher(
                callerAuthenticator,
                new GraphQlRequestReader(transportContext),
                new HttpEndpoint(graphQlExecutor, json),
                new SseEndpoint(graphQlExecutor, transportContext),
                new WebSocketEndpoint(
                        graphQlExecutor,
                        callerAuthenticator,
                        any(interceptors) ? handler.getWebSocketInterceptor() : null,
                        transportContext),
                connectionRegistry,
                new AdmissionControl(limits, limitMetrics, budget));
    }

    private static boolean any(ObjectProvider<WebGraphQlInterceptor> interceptors) {
        return interceptors.stream().findAny().isPresent();
    }

    @Bean
    DocumentLimits documentLimits(LimitSettings limits, LimitMetrics limitMetrics) {
        return new DocumentLimits(limits, limitMetrics);
    }

    @Bean
    FetchCancellation fetchCancellation() {
        return new FetchCancellation();
    }

    /**
     * The fast path has one condition: that there is no interceptor. An interceptor receives a {@link
     * org.springframework.graphql.server.WebGraphQlRequest} of each operation, which only execution creates.
     */
    @Bean
    DocumentCache documentCache(
            ObjectProvider<FastPath> fastPath,
            ObjectProvider<PageSizes> pageSizes,
            DocumentLimits limits,
            ObjectProvider<WebGraphQlInterceptor> interceptors) {
        return new DocumentCache(
                any(interceptors) ? FastPath.NONE : fastPath.getIfAvailable(() -> FastPath.NONE),
                pageSizes.getIfAvailable(() -> PageSizes.NONE),
                limits);
    }

    @Bean
    GraphQlSourceBuilderCustomizer execution(DocumentCache cache) {
        // No field uses a data loader, and looking for data loaders after each level costs as much as a field.
        return source -> source.configureGraphQl(
                graphQl -> graphQl.preparsedDocumentProvider(cache).doNotAutomaticallyDispatchDataLoader());
    }

    @Bean
    WebGraphQlHandler webGraphQlHandler(
            ExecutionGraphQlService service, ObjectProvider<WebGraphQlInterceptor> interceptors) {
        return WebGraphQlHandler.builder(service)
                .interceptors(interceptors.orderedStream().toList())
                .build();
    }

    @Bean
    ConnectionRegistry connectionRegistry() {
        return new ConnectionRegistry();
    }

    @Bean
    MeterBinder connectionMetrics(ConnectionRegistry connectionRegistry) {
        return new ConnectionMetrics(connectionRegistry);
    }

    @Bean
    Drain drain(ConnectionRegistry connectionRegistry, TransportSettings settings, ApplicationEventPublisher events) {
        RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
        return new Drain(connectionRegistry, settings.drainTimeout(), random, events);
    }

    @Bean
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> immediateShutdown() {
        // The drain has already waited for all connections; waiting again would block on those that did not close in
        // time.
        return factory -> factory.setShutdown(Shutdown.IMMEDIATE);
    }
}
