package chatql.kafka.topic;

import org.apache.kafka.common.errors.ApiException;

/** Signals that the topic was replaced since the gateway's start. */
public final class TopicReplacedException extends ApiException {
    private static final long serialVersionUID = 1;

    public TopicReplacedException(String topic) {
        super("Topic " + topic + " is not the one that this pod started with");
    }
}
