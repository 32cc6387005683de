package chatql.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The part of Kubernetes' API that Helm uses: discovery, and objects that are created, read, listed and patched. It
 * stores objects and runs nothing.
 */
final class ApiServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The kinds that the chart installs and in which Helm stores its releases, by version and plural. */
    private static final Map<String, Map<String, String>> KINDS = Map.of(
            "v1",
            Map.of(
                    "configmaps",
                    "ConfigMap",
                    "secrets",
                    "Secret",
                    "services",
                    "Service",
                    "serviceaccounts",
                    "ServiceAccount"),
            "apps/v1",
            Map.of("deployments", "Deployment", "statefulsets", "StatefulSet"),
            "autoscaling/v2",
            Map.of("horizontalpodautoscalers", "HorizontalPodAutoscaler"),
            "policy/v1",
            Map.of("poddisruptionbudgets", "PodDisruptionBudget"),
            "networking.k8s.io/v1",
            Map.of("networkpolicies", "NetworkPolicy"));

    private final Map<String, ObjectNode> objects = new ConcurrentSkipListMap<>();
    private final HttpServer server;

    ApiServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    String kubeConfig() {
        return """
                apiVersion: v1
                kind: Config
                current-context: test
                clusters: [{name: test, cluster: {server: 'http://127.0.0.1:%d'}}]
                contexts: [{name: test, context: {cluster: test, user: test, namespace: chat}}]
                users: [{name: test, user: {}}]
                """.formatted(server.getAddress().getPort());
    }

    /** The current object, by the end of its path, such as `deployments/chatql-edge`. */
    Optional<JsonNode> object(String end) {
        return objects.entrySet().stream()
                .filter(entry -> entry.getKey().endsWith("/" + end))
                .map(entry -> (JsonNode) entry.getValue())
                .findFirst();
    }

    /** Changes an object as a controller or an operator does. */
    void change(String end, Consumer<ObjectNode> change) {
        change.accept((ObjectNode) object(end).orElseThrow());
    }

    void delete(String end) {
        objects.keySet().removeIf(path -> path.endsWith("/" + end));
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            URI asked = exchange.getRequestURI();
            byte[] body = exchange.getRequestBody().readAllBytes();
            JsonNode answer = switch (exchange.getRequestMethod()) {
                case "GET" ->
                    get(asked.getPath(), Optional.ofNullable(asked.getQuery()).orElse(""));
                case "POST" -> create(asked.getPath(), read(body));
                case "PUT" -> keep(asked.getPath(), read(body));
                case "PATCH" -> merge(objects.get(asked.getPath()), JSON.readTree(body));
                default -> throw new IllegalArgumentException(exchange.getRequestMethod());
            };
            byte[] text = JSON.writeValueAsBytes(answer);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(answer.path("code").asInt(200), text.length);
            exchange.getResponseBody().write(text);
        }
    }

    private static ObjectNode read(byte[] body) throws IOException {
        return ProtobufSecret.is(body) ? ProtobufSecret.read(body) : (ObjectNode) JSON.readTree(body);
    }

    private JsonNode get(String path, String query) {
        return switch (path) {
            case "/version" -> json(Map.of("major", "1", "minor", "34", "gitVersion", "v1.34.0"));
            case "/api" -> json(Map.of("kind", "APIVersions", "versions", List.of("v1")));
            case "/apis" -> groups();
            default -> {
                String version = path.replaceFirst("^/apis?/", "");
                if (KINDS.containsKey(version)) {
                    yield resources(version);
                }
                yield path.endsWith("/secrets")
                        ? secrets(path, query)
                        : Optional.<JsonNode>ofNullable(objects.get(path)).orElseGet(ApiServer::missing);
            }
        };
    }

    private static JsonNode groups() {
        return json(Map.of(
                "kind",
                "APIGroupList",
                "apiVersion",
                "v1",
                "groups",
                KINDS.keySet().stream()
                        .filter(version -> version.contains("/"))
                        .map(version -> {
                            Map<String, String> one = Map.of(
                                    "groupVersion", version, "version", version.substring(version.indexOf('/') + 1));
                            return Map.of(
                                    "name",
                                    version.substring(0, version.indexOf('/')),
                                    "versions",
                                    List.of(one),
                                    "preferredVersion",
                                    one);
                        })
                        .toList()));
    }

    private static JsonNode resources(String version) {
        return json(Map.of(
                "kind",
                "APIResourceList",
                "groupVersion",
                version,
                "resources",
                KINDS.get(version).entrySet().stream()
                        .map(kind -> Map.of(
                                "name",
                                kind.getKey(),
                                "singularName",
                                "",
                                "namespaced",
                                true,
                                "kind",
                                kind.getValue(),
                                "verbs",
                                List.of("create", "get", "list", "patch", "update")))
                        .toList()));
    }

    /** Lists Helm's releases by their labels: `labelSelector=name=chatql,owner=helm`. */
    private JsonNode secrets(String path, String query) {
        List<String> labels = Stream.of(
                        query.replaceFirst(".*labelSelector=([^&]*).*", "$1").split(","))
                .filter(label -> label.contains("="))
                .toList();
        return json(Map.of(
                "kind",
                "SecretList",
                "apiVersion",
                "v1",
                "items",
                objects.entrySet().stream()
                        .filter(entry -> entry.getKey().startsWith(path + "/"))
                        .map(Map.Entry::getValue)
                        .filter(object -> labels.stream().allMatch(label -> {
                            String[] pair = label.split("=");
                            return object.at("/metadata/labels")
                                    .path(pair[0])
                                    .asText()
                                    .equals(pair[1]);
                        }))
                        .toList()));
    }

    private JsonNode create(String path, ObjectNode object) {
        return keep(path + "/" + object.at("/metadata/name").asText(), object);
    }

    private JsonNode keep(String path, ObjectNode object) {
        objects.put(path, object);
        return object;
    }

    /** RFC 7386, which suffices for the chart's changes: Helm's patches do not contain unchanged lists. */
    private static JsonNode merge(ObjectNode object, JsonNode patch) {
        patch.properties().forEach(change -> {
            JsonNode value = change.getValue();
            if (value.isNull()) {
                object.remove(change.getKey());
            } else if (value.isObject()) {
                merge(object.withObjectProperty(change.getKey()), value);
            } else {
                object.set(change.getKey(), value);
            }
        });
        return object;
    }

    private static JsonNode missing() {
        return json(
                Map.of("kind", "Status", "apiVersion", "v1", "status", "Failure", "reason", "NotFound", "code", 404));
    }

    private static JsonNode json(Map<String, ?> object) {
        return JSON.valueToTree(object);
    }
}
