package chatql.bench.floor;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.RecordMetadata;
import tools.jackson.databind.json.JsonMapper;

/** Appends posted messages, and responds with the position once the append is acknowledged. */
final class Posts extends ChannelInboundHandlerAdapter {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Log log;

    Posts(Log log) {
        this.log = log;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object read) {
        if (read instanceof FullHttpRequest request && request.method().equals(HttpMethod.POST)) {
            byte[] message = ByteBufUtil.getBytes(request.content());
            request.release();
            String recipient = JSON.readTree(message).get("recipientId").stringValue();
            log.append(recipient, message, (place, failure) -> answer(context, place, failure == null));
        } else {
            context.fireChannelRead(read);
        }
    }

    static ByteBuf answer(RecordMetadata place, boolean success) {
        return Unpooled.copiedBuffer(
                "{\"id\":\"" + place.partition() + "-" + place.offset() + "\",\"success\":" + success + "}",
                StandardCharsets.US_ASCII);
    }

    private static void answer(ChannelHandlerContext context, RecordMetadata place, boolean success) {
        ByteBuf body = answer(place, success);
        var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
                .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        context.writeAndFlush(response);
    }
}
