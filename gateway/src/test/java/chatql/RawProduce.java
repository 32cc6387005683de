package chatql;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.ProduceResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.ResponseHeader;

/** A producer of requests that no client library sends. */
final class RawProduce {
    /** The last version that has topic names instead of ids. */
    private static final short VERSION = 12;

    /** Offsets in a batch: of its checksum, and of the bytes that it covers, which begin with the attributes. */
    private static final int CHECKSUM = 17;

    private static final int ATTRIBUTES = 21;
    private static final byte UNKNOWN_COMPRESSION = 7;

    private RawProduce() {}

    /** Sends the request and returns the broker's response. */
    static Errors withUnknownCompression(String topic, int partition) throws Exception {
        MemoryRecords records = MemoryRecords.withRecords(
                Compression.NONE, new SimpleRecord("unknown".getBytes(StandardCharsets.UTF_8), new byte[] {1, 2, 3}));
        var header = new RequestHeader(ApiKeys.PRODUCE, VERSION, "raw", 1);
        byte[] request = bytes(request(topic, partition, records).serializeWithHeader(header));
        compressInAnUnknownWay(request, bytes(records.buffer()));
        String[] broker = KafkaBroker.bootstrapServers().split(":");
        try (var socket = new Socket(broker[0], Integer.parseInt(broker[1]))) {
            socket.setSoTimeout(10_000);
            var out = new DataOutputStream(socket.getOutputStream());
            out.writeInt(request.length);
            out.write(request);
            out.flush();
            var in = new DataInputStream(socket.getInputStream());
            return answer(in.readNBytes(in.readInt()));
        }
    }

    private static ProduceRequest request(String topic, int partition, MemoryRecords records) {
        var topics = new TopicProduceDataCollection();
        topics.add(new TopicProduceData()
                .setName(topic)
                .setPartitionData(
                        List.of(new PartitionProduceData().setIndex(partition).setRecords(records))));
        return new ProduceRequest(
                new ProduceRequestData().setAcks((short) -1).setTimeoutMs(5_000).setTopicData(topics), VERSION);
    }

    private static void compressInAnUnknownWay(byte[] request, byte[] batch) {
        int begin = indexOf(request, batch);
        request[begin + ATTRIBUTES + 1] = UNKNOWN_COMPRESSION;
        var checksum = new CRC32C();
        checksum.update(request, begin + ATTRIBUTES, batch.length - ATTRIBUTES);
        ByteBuffer.wrap(request).putInt(begin + CHECKSUM, (int) checksum.getValue());
    }

    private static int indexOf(byte[] all, byte[] part) {
        for (int begin = 0; begin <= all.length - part.length; begin++) {
            if (Arrays.equals(all, begin, begin + part.length, part, 0, part.length)) {
                return begin;
            }
        }
        throw new AssertionError("the request does not contain the batch");
    }

    private static Errors answer(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        ResponseHeader.parse(buffer, ApiKeys.PRODUCE.responseHeaderVersion(VERSION));
        var response = ProduceResponse.parse(new ByteBufferAccessor(buffer), VERSION);
        return Errors.forCode(response.data()
                .responses()
                .iterator()
                .next()
                .partitionResponses()
                .getFirst()
                .errorCode());
    }

    private static byte[] bytes(ByteBuffer buffer) {
        var bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
