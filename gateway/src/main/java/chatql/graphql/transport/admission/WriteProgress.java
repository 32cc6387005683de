package chatql.graphql.transport.admission;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;

/** Whether a client goes on to take what waits for it, looked at now and then. Belongs to the channel's event loop. */
final class WriteProgress {
    /** How often it is looked at in the time within which a byte must be taken. */
    static final int LOOKS = 4;

    private boolean watched;
    private int without;
    private long waiting;
    private long written;

    void begin(Channel channel) {
        watched = true;
        without = 0;
        look(channel);
    }

    void end() {
        watched = false;
    }

    boolean isWatched() {
        return watched;
    }

    /** Whether anything was taken since one of the latest looks. */
    boolean goesOn(Channel channel) {
        without = look(channel) ? 0 : without + 1;
        return without < LOOKS;
    }

    /** An entry that is only written in part is still counted whole. */
    private boolean look(Channel channel) {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        long nowWaiting = buffer == null ? 0 : buffer.totalPendingWriteBytes();
        long nowWritten = buffer == null ? 0 : buffer.currentProgress();
        boolean moved = nowWaiting != waiting || nowWritten != written;
        waiting = nowWaiting;
        written = nowWritten;
        return moved;
    }
}
