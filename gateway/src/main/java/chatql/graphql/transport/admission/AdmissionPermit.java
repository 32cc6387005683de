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

/** One who was let in, and the places it takes, which are given back when it goes. */
public final class AdmissionPermit {
    private final AdmissionControl admissionControl;
    private final ClientAddress clientAddress;
    private final AnswerBudget budget;
    private final Reservation reservation;
    private final List<Runnable> leaving = new ArrayList<>();
    private boolean gone;
    private volatile boolean staying;

    /** @param budget its address's share */
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

    /** Of the request that it came with. */
    public Reservation reservation() {
        return reservation;
    }

    /** Takes the place of a user, once it is known who that is. Errors with {@link RequestRejected}. */
    public void identify(ConnectionIdentity connectionIdentity) {
        admissionControl.admitIdentity(this, connectionIdentity);
    }

    /** Takes a place under that key, or throws what is given. Whoever has gone meanwhile takes none. */
    synchronized void take(KeyedSemaphore keyedSemaphore, String key, Supplier<RequestRejected> none) {
        if (gone) {
            return;
        }
        if (!keyedSemaphore.tryAcquire(key)) {
            throw none.get();
        }
        leaving.add(() -> keyedSemaphore.release(key));
    }

    /** Keeps its places until that channel is closed: an upgrade ends the request that it came with. */
    public void holdUntilClosed(Channel channel) {
        staying = true;
        channel.closeFuture().addListener(closed -> release());
    }

    /** The request that it came with is over. */
    void requestDone() {
        if (!staying) {
            release();
        }
    }

    private synchronized void release() {
        gone = true;
        leaving.forEach(Runnable::run);
        leaving.clear();
        reservation.release();
    }
}
