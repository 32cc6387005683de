package chatql.kafka.query;

import chatql.kafka.streams.HistoryStreams;
import java.util.function.Function;
import org.apache.kafka.streams.state.HostInfo;

/** The active hosts that Kafka Streams has assigned: this pod for its own partitions, other pods for the rest. */
public record StreamsActiveHosts(HistoryStreams streams, StoreQueries here, Function<HostInfo, StoreQueries> there)
        implements ActiveHosts {
    @Override
    public StoreQueries of(String store, int partition) {
        HostInfo owner = streams.owner(store, partition);
        return owner.equals(streams.address()) ? here : there.apply(owner);
    }
}
