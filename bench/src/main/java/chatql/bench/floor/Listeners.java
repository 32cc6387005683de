package chatql.bench.floor;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The subscribers by recipient. A record is decoded and encoded once for all of them, and each poll is one task per
 * event loop.
 */
final class Listeners {
    private static final JsonMapper JSON = JsonMapper.shared();

    private record Letter(Channel to, ByteBuf text) {}

    private final Map<String, List<Channel>> byUser = new ConcurrentHashMap<>();

    void add(String user, Channel channel) {
        byUser.computeIfAbsent(user, key -> new CopyOnWriteArrayList<>()).add(channel);
        channel.closeFuture()
                .addListener(closed -> byUser.computeIfPresent(user, (key, channels) -> {
                    channels.remove(channel);
                    return channels.isEmpty() ? null : channels;
                }));
    }

    void give(ConsumerRecords<String, byte[]> records) {
        Map<EventLoop, List<Letter>> post = new HashMap<>();
        for (ConsumerRecord<String, byte[]> record : records) {
            List<Channel> channels = byUser.get(record.key());
            if (channels != null) {
                byte[] text = text(record);
                for (Channel channel : channels) {
                    post.computeIfAbsent(channel.eventLoop(), loop -> new ArrayList<>())
                            .add(new Letter(channel, Unpooled.wrappedBuffer(text)));
                }
            }
        }
        post.forEach((loop, letters) -> loop.execute(() -> deliver(letters)));
    }

    private static void deliver(List<Letter> letters) {
        Set<Channel> touched = new HashSet<>();
        for (Letter letter : letters) {
            letter.to().write(new TextWebSocketFrame(letter.text()), letter.to().voidPromise());
            touched.add(letter.to());
        }
        touched.forEach(Channel::flush);
    }

    private static byte[] text(ConsumerRecord<String, byte[]> record) {
        JsonNode message = JSON.readTree(record.value());
        var text = new ByteArrayOutputStream(record.value().length + 64);
        text.writeBytes(("{\"place\":\"" + record.partition() + "-" + record.offset() + "\",\"senderId\":")
                .getBytes(StandardCharsets.US_ASCII));
        text.writeBytes(JSON.writeValueAsBytes(message.get("senderId")));
        text.writeBytes(",\"content\":".getBytes(StandardCharsets.US_ASCII));
        text.writeBytes(JSON.writeValueAsBytes(message.get("content")));
        text.write('}');
        return text.toByteArray();
    }
}
