package chatql.bench.stock;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The schema's {@code Message}. */
record StockMessage(String id, String senderId, String recipientId, String content, String cursor) {
    private static final JsonMapper JSON = JsonMapper.shared();

    static StockMessage of(ConsumerRecord<String, byte[]> record) {
        JsonNode message = JSON.readTree(record.value());
        String place = record.partition() + "-" + record.offset();
        return new StockMessage(
                place,
                message.get("senderId").stringValue(),
                message.get("recipientId").stringValue(),
                message.get("content").stringValue(),
                place);
    }
}
