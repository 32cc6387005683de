package chatql.web;

import chatql.limit.MemoryReservation;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.AbstractResource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.util.DigestUtils;
import org.springframework.web.reactive.config.ResourceHandlerRegistry;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.resource.AbstractResourceResolver;
import org.springframework.web.reactive.resource.HttpResource;
import org.springframework.web.reactive.resource.ResourceResolverChain;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Serves the pages' files, which a browser may cache and must revalidate. An ETag identifies their content: a
 * rolled-back build has older files, and by date they would pass for current ones. Each file is read, hashed and
 * compressed once.
 */
final class PageResources extends AbstractResourceResolver implements WebFluxConfigurer {
    private static final String GZIP = "gzip";

    /** Matches gzip among the listed codings, unless a quality of 0 excludes it. */
    private static final Pattern ACCEPTS_GZIP =
            Pattern.compile("(?:^|,)\\s*gzip\\s*(?:,|$|;(?!\\s*q=0(?:\\.0*)?\\s*(?:,|$)))", Pattern.CASE_INSENSITIVE);

    /**
     * What an unread response keeps, in bytes: Reactor Netty requests 128 buffers of 4 KiB ahead, and each may take
     * twice that.
     */
    private static final int MAX_PREFETCH = 1 << 20;

    /** By class path location; as many entries as files. */
    private final ConcurrentMap<String, Mono<Encoded>> files = new ConcurrentHashMap<>();

    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        for (String page : List.of("chat", "graphiql")) {
            registry.addResourceHandler("/" + page + "/**")
                    .addResourceLocations("classpath:/static/" + page + "/")
                    .setCacheControl(CacheControl.noCache())
                    .setUseLastModified(false)
                    .setEtagGenerator(file -> ((PageFile) file).tag)
                    .resourceChain(false)
                    .addResolver(this);
        }
    }

    @Override
    protected Mono<Resource> resolveResourceInternal(
            @Nullable ServerWebExchange exchange,
            String requestPath,
            List<? extends Resource> locations,
            ResourceResolverChain chain) {
        boolean gzip = exchange != null
                && exchange.getRequest().getHeaders().getOrEmpty(HttpHeaders.ACCEPT_ENCODING).stream()
                        .anyMatch(line -> ACCEPTS_GZIP.matcher(line).find());
        return chain.resolveResource(exchange, requestPath, locations)
                .cast(ClassPathResource.class)
                .flatMap(file -> files.computeIfAbsent(file.getPath(), path -> read(file)))
                .map(file -> reserved(exchange, gzip ? file.gzip() : file.identity()));
    }

    private static Resource reserved(@Nullable ServerWebExchange exchange, PageFile file) {
        if (exchange != null && !MemoryReservation.of(exchange).grow(Math.min(MAX_PREFETCH, 2 * file.length))) {
            throw new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE);
        }
        return file;
    }

    private static Mono<Encoded> read(ClassPathResource file) {
        return Mono.fromCallable(() -> Encoded.of(file))
                .subscribeOn(Schedulers.boundedElastic())
                .cache();
    }

    @Override
    protected Mono<String> resolveUrlPathInternal(
            String resourcePath, List<? extends Resource> locations, ResourceResolverChain chain) {
        return chain.resolveUrlPath(resourcePath, locations);
    }

    /** A file in one of its encodings. */
    private static final class PageFile extends AbstractResource implements HttpResource {
        private final ClassPathResource file;
        private final String tag;
        private final long length;
        private final byte @Nullable [] gzipped;

        /** @param gzipped null for the uncompressed file */
        private PageFile(ClassPathResource file, String tag, long length, byte @Nullable [] gzipped) {
            this.file = file;
            this.tag = tag;
            this.length = length;
            this.gzipped = gzipped;
        }

        @Override
        public HttpHeaders getResponseHeaders() {
            var headers = new HttpHeaders();
            headers.set(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
            if (gzipped != null) {
                headers.set(HttpHeaders.CONTENT_ENCODING, GZIP);
            }
            return headers;
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return gzipped == null ? file.getInputStream() : new ByteArrayInputStream(gzipped);
        }

        @Override
        public long contentLength() {
            return length;
        }

        /** Determines the media type. */
        @Override
        public @Nullable String getFilename() {
            return file.getFilename();
        }

        @Override
        public String getDescription() {
            return file.getDescription();
        }
    }

    /** A file in both encodings, which share one weak ETag. */
    private record Encoded(PageFile identity, PageFile gzip) {
        static Encoded of(ClassPathResource file) throws IOException {
            byte[] content = file.getContentAsByteArray();
            String tag = "W/\"" + DigestUtils.md5DigestAsHex(content) + '"';
            var bytes = new ByteArrayOutputStream();
            try (var gzip = new GZIPOutputStream(bytes)) {
                gzip.write(content);
            }
            byte[] gzipped = bytes.toByteArray();
            return new Encoded(
                    new PageFile(file, tag, content.length, null), new PageFile(file, tag, gzipped.length, gzipped));
        }
    }
}
