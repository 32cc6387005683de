package chatql.graphql.transport.admission;

import chatql.graphql.transport.budget.Reservation;
import chatql.graphql.transport.request.RequestRejected;
import chatql.limit.AnswerBudget;
import chatql.limit.ClientAddress;
import chatql.limit.KeyedSemaphore;
import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The permits of one admitted request or connection; all are released when it ends. */
public final class AdmissionPermit {
    private final AdmissionControl admissionControl;
    private final ClientAddress clientAddress;
    private final AnswerBudget budget;
    private final Reservation reservation;
    private final List<Runnable> releases = new ArrayList<>();
    private boolean released;
    private volatile boolean upgraded;

    /** @param budget the share of the client's address */
    AdmissionPermit(AdmissionControl admissionControl, ClientAddress clientAddress, AnswerBudget budget) {
        this.admissionControl = admissionControl;
        this.clientAddress = clientAddress;
        this.budget = budget;
        this.reservation = new Reservation(budget);
    }

    public ClientAddress address() {
        return clientAddress;
    }

    public AnswerBudget budget() {
        return budget;
    }

    /** The memory reservation of the request that was admitted. */
    public Reservation reservation() {
        return reservation;
    }

    /** Acquires the user's permit, once the user is authenticated. Throws {@link RequestRejected}. */
    public void identify(ConnectionIdentity connectionIdentity) {
        admissionControl.admitIdentity(this, connectionIdentity);
    }

    /**
     * Acquires a permit for that key, or throws what {@code none} supplies. After the release it does nothing, or the
     * permit would leak.
     */
    synchronized void take(KeyedSemaphore keyedSemaphore, String key, Supplier<RequestRejected> none) {
        if (released) {
            return;
        }
        if (!keyedSemaphore.tryAcquire(key)) {
            throw none.get();
        }
        releases.add(() -> keyedSemaphore.release(key));
    }

    /** Holds the permits until that channel is closed, because an upgrade ends the request that was admitted. */
    public void holdUntilClosed(Channel channel) {
        upgraded = true;
        channel.closeFuture().addListener(closed -> release());
    }

    /** The admitted request has ended. */
    void requestDone() {
        if (!upgraded) {
            release();
        }
    }

    private synchronized void release() {
        released = true;
        releases.forEach(Runnable::run);
        releases.clear();
        reservation.release();
    }
}
