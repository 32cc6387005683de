package chatql.k8s;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A Secret in Kubernetes' protobuf encoding, in which Helm's client sends its releases: four bytes, and an envelope
 * whose second field is the object. The field numbers are those of generated.proto in k8s.io/api/core/v1.
 */
final class ProtobufSecret {
    private static final byte[] MAGIC = {'k', '8', 's', 0};

    private ProtobufSecret() {}

    static boolean is(byte[] body) {
        return body.length > MAGIC.length && Arrays.equals(body, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    static ObjectNode read(byte[] body) {
        var envelope = fields(ByteBuffer.wrap(body).position(MAGIC.length));
        var secret = fields(first(envelope, 2));
        var metadata = fields(first(secret, 1));
        ObjectNode object = JsonNodeFactory.instance
                .objectNode()
                .put("apiVersion", "v1")
                .put("kind", "Secret")
                .put("type", text(first(secret, 3)));
        object.putObject("metadata")
                .put("name", text(first(metadata, 1)))
                .put("namespace", text(first(metadata, 3)))
                .set("labels", map(metadata.getOrDefault(11, List.of()), ProtobufSecret::text));
        object.set(
                "data",
                map(
                        secret.getOrDefault(2, List.of()),
                        value -> text(Base64.getEncoder().encode(value))));
        return object;
    }

    private interface Encoding {
        String of(ByteBuffer value);
    }

    private static ObjectNode map(List<ByteBuffer> entries, Encoding encoding) {
        ObjectNode map = JsonNodeFactory.instance.objectNode();
        entries.stream()
                .map(ProtobufSecret::fields)
                .forEach(entry -> map.put(text(first(entry, 1)), encoding.of(first(entry, 2))));
        return map;
    }

    /** The length-delimited fields by number; others are skipped. */
    private static Map<Integer, List<ByteBuffer>> fields(ByteBuffer message) {
        Map<Integer, List<ByteBuffer>> fields = new TreeMap<>();
        while (message.hasRemaining()) {
            int tag = varint(message);
            int value = varint(message);
            if ((tag & 7) == 2) {
                fields.computeIfAbsent(tag >>> 3, number -> new ArrayList<>())
                        .add(message.slice(message.position(), value));
                message.position(message.position() + value);
            }
        }
        return fields;
    }

    private static int varint(ByteBuffer message) {
        int value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = message.get();
            value |= (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    private static ByteBuffer first(Map<Integer, List<ByteBuffer>> fields, int number) {
        return fields.get(number).getFirst().duplicate();
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }
}
