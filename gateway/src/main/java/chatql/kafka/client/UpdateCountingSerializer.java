package chatql.kafka.client;

import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.ClusterResource;
import org.apache.kafka.common.ClusterResourceListener;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Counts the producer's {@link MetadataUpdates}. Kafka reports them to serializers and not to partitioners. */
public final class UpdateCountingSerializer extends ByteArraySerializer implements ClusterResourceListener {
    private @Nullable MetadataUpdates updates;

    @Override
    public void configure(Map<String, ?> settings, boolean isKey) {
        updates = (MetadataUpdates) settings.get(MetadataUpdates.SETTING);
    }

    @Override
    public void onUpdate(ClusterResource cluster) {
        Objects.requireNonNull(updates).increment();
    }
}
