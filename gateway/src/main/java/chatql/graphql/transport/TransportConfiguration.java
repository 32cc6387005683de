package chatql.graphql.transport;

import chatql.graphql.transport.admission.Admission;
import chatql.graphql.transport.budget.TransportSettings;
import chatql.graphql.transport.connection.ConnectionCloseFilter;
import chatql.graphql.transport.connection.ConnectionMetrics;
import chatql.graphql.transport.connection.Connections;
import chatql.graphql.transport.connection.Connections.Transport;
import chatql.graphql.transport.connection.Drain;
import chatql.graphql.transport.connection.SocketEnvironment;
import chatql.graphql.transport.connection.Traffic;
import chatql.graphql.transport.execution.DocumentCache;
import chatql.graphql.transport.execution.DocumentLimits;
import chatql.graphql.transport.execution.Execution;
import chatql.graphql.transport.execution.FetchCancellation;
import chatql.graphql.transport.execution.PageSizes;
import chatql.graphql.transport.execution.Shortcut;
import chatql.graphql.transport.http.HttpEndpoint;
import chatql.graphql.transport.http.RequestReader;
import chatql.graphql.transport.http.RequestTimers;
import chatql.graphql.transport.request.Json;
import chatql.graphql.transport.sse.SseEndpoint;
import chatql.graphql.transport.websocket.WebSocketEndpoint;
import chatql.limit.AnswerBudget;
import chatql.limit.LimitSettings;
import chatql.limit.TurnedAway;
import chatql.security.Explorable;
import chatql.security.HostConfiguration;
import chatql.security.HostRule;
import chatql.tracing.TracedPaths;
import chatql.user.Callers;
import graphql.parser.ParserOptions;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.observation.ObservationPredicate;
import io.micrometer.tracing.Tracer;
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

/** The transport's parts, put together. Spring GraphQL's own routes must be switched off. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TransportSettings.class)
@Import({HostConfiguration.class, ConnectionLimitsConfiguration.class})
public class TransportConfiguration {

    @Bean
    WebFilter graphQlEntrance(
            ApplicationContext server,
            GraphQlRoutes routes,
            TransportSettings settings,
            RequestTimers timers,
            ObjectProvider<Tracer> tracer) {
        return new GraphQlEntrance(
                server, settings.path(), origins(settings), routes, isTraced(tracer) ? null : timers);
    }

    @Bean
    NettyRouteProvider directEntrance(
            GraphQlRoutes routes,
            TransportSettings settings,
            RequestTimers timers,
            ObjectProvider<Tracer> tracer,
            HostRule hosts,
            WebFluxProperties webFlux) {
        String base = Objects.requireNonNullElse(webFlux.getBasePath(), "");
        return isTraced(tracer) ? server -> server : new DirectEntrance(base + settings.path(), hosts, routes, timers);
    }

    @Bean
    WebFilter connectionClose(Connections connections) {
        return new ConnectionCloseFilter(connections);
    }

    @Bean
    RequestTimers requestTimers(MeterRegistry meters, TransportSettings settings) {
        return new RequestTimers(meters, settings.path());
    }

    /** Where traces are collected, a request's span hangs on its observation; otherwise {@link RequestTimers} does. */
    @Bean
    ObservationPredicate withoutRequests(TransportSettings settings, ObjectProvider<Tracer> tracer) {
        boolean traced = isTraced(tracer);
        return (name, context) -> traced
                || !(context instanceof ServerRequestObservationContext request
                        && request.getCarrier() != null
                        && GraphQlEntrance.isAt(settings.path(), request.getCarrier()));
    }

    private static boolean isTraced(ObjectProvider<Tracer> tracer) {
        return tracer.getIfAvailable() != null;
    }

    /** Of another page than these, nothing is served, upgrades included: a browser would send its user's requests. */
    private static CorsConfiguration origins(TransportSettings settings) {
        var origins = new CorsConfiguration();
        origins.setAllowedOrigins(settings.allowedOrigins());
        origins.setAllowedMethods(List.of("GET", "POST"));
        origins.setAllowedHeaders(
                List.of("Authorization", "Content-Type", "Last-Event-ID", "traceparent", "tracestate"));
        return origins;
    }

    @Bean
    TracedPaths graphQlPath(TransportSettings settings) {
        return new TracedPaths(settings.path()::equals);
    }

    @Bean
    GraphQlRoutes graphQlRoutes(
            WebGraphQlHandler handler,
            ObjectProvider<WebGraphQlInterceptor> interceptors,
            DocumentCache documents,
            Callers callers,
            Explorable explorable,
            Connections connections,
            TransportSettings settings,
            LimitSettings limits,
            TurnedAway turnedAway,
            AnswerBudget budget,
            MeterRegistry meters) {
        ParserOptions parser = DocumentLimits.parser(limits);
        Json json = new Json();
        Execution execution = new Execution(handler, documents, parser, explorable.schema());
        SocketEnvironment around = new SocketEnvironment(
                connections,
                settings,
                limits,
                turnedAway,
                parser,
                json,
                new Traffic(meters, Clock.systemUTC(), Transport.WEBSOCKET),
                new Traffic(meters, Clock.systemUTC(), Transport.SSE));
        return new GraphQlRoutes(
                callers,
                new RequestReader(around),
                new HttpEndpoint(execution, json),
                new SseEndpoint(execution, around),
                new WebSocketEndpoint(
                        execution, callers, any(interceptors) ? handler.getWebSocketInterceptor() : null, around),
                connections,
                new Admission(limits, turnedAway, budget));
    }

    private static boolean any(ObjectProvider<WebGraphQlInterceptor> interceptors) {
        return interceptors.stream().findAny().isPresent();
    }

    @Bean
    DocumentLimits documentLimits(LimitSettings limits, TurnedAway turnedAway) {
        return new DocumentLimits(limits, turnedAway);
    }

    @Bean
    FetchCancellation fetchCancellation() {
        return new FetchCancellation();
    }

    /** An interceptor wants to see every operation, and a trace to have a span of each. */
    @Bean
    DocumentCache documentCache(
            ObjectProvider<Shortcut> shortcut,
            ObjectProvider<PageSizes> pageSizes,
            DocumentLimits limits,
            ObjectProvider<WebGraphQlInterceptor> interceptors,
            ObjectProvider<Tracer> tracer) {
        boolean observed = isTraced(tracer) || any(interceptors);
        return new DocumentCache(
                observed ? Shortcut.NONE : shortcut.getIfAvailable(() -> Shortcut.NONE),
                pageSizes.getIfAvailable(() -> PageSizes.NONE),
                limits);
    }

    @Bean
    GraphQlSourceBuilderCustomizer execution(DocumentCache cache) {
        // No field is fetched by a data loader, and to look for some after each level costs as much as a field.
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
    Connections connections() {
        return new Connections();
    }

    @Bean
    MeterBinder connectionMetrics(Connections connections) {
        return new ConnectionMetrics(connections);
    }

    @Bean
    Drain drain(Connections connections, TransportSettings settings, ApplicationEventPublisher events) {
        RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
        return new Drain(connections, settings.drain(), random, events);
    }

    @Bean
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> immediateShutdown() {
        // The drain has waited for all connections already; waiting once more would hang on those that did not end in
        // time.
        return factory -> factory.setShutdown(Shutdown.IMMEDIATE);
    }
}
