package chatql.bench.floor;

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

/** Appends what is posted, and answers with its place when it is acknowledged. */
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

    private static void answer(ChannelHandlerContext context, RecordMetadata place, boolean success) {
        byte[] body = ("{\"id\":\"" + place.partition() + "-" + place.offset() + "\",\"success\":" + success + "}")
                .getBytes(StandardCharsets.US_ASCII);
        var response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.wrappedBuffer(body));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
                .set(HttpHeaderNames.CONTENT_LENGTH, body.length);
        context.writeAndFlush(response);
    }
}
