package chatql.graphql.transport.admission;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;

/** Observes by sampling whether a client keeps taking queued bytes. Belongs to the channel's event loop. */
final class WriteProgress {
    /** The number of samples within the time in which a byte must be taken. */
    static final int LOOKS = 4;

    private boolean watched;
    private int without;
    private long waiting;
    private long written;

    void begin(Channel channel) {
        watched = true;
        without = 0;
        sample(channel);
    }

    void end() {
        watched = false;
    }

    boolean isWatched() {
        return watched;
    }

    /** Whether any byte was taken since one of the latest samples. */
    boolean goesOn(Channel channel) {
        without = sample(channel) ? 0 : without + 1;
        return without < LOOKS;
    }

    /** Compares the progress of the current entry too, because a partly written entry counts as wholly pending. */
    private boolean sample(Channel channel) {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        long nowWaiting = buffer == null ? 0 : buffer.totalPendingWriteBytes();
        long nowWritten = buffer == null ? 0 : buffer.currentProgress();
        boolean moved = nowWaiting != waiting || nowWritten != written;
        waiting = nowWaiting;
        written = nowWritten;
        return moved;
    }
}
