package chatql.kafka.query;

import chatql.kafka.streams.HistoryStreams;
import java.util.function.Function;
import org.apache.kafka.streams.state.HostInfo;

/** The owners that Kafka Streams has assigned: this pod for what it keeps itself, another one for the rest. */
public record StreamsOwners(HistoryStreams streams, Keeper here, Function<HostInfo, Keeper> there) implements Owners {
    @Override
    public Keeper of(String store, int partition) {
        HostInfo owner = streams.owner(store, partition);
        return owner.equals(streams.address()) ? here : there.apply(owner);
    }
}
