package chatql.delivery;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * A scheduler whose threads run when the test says so. Each thread runs its tasks in order, and a random generator
 * chooses the next thread.
 */
final class Turns implements Scheduler {
    private final Random chance;
    private final List<Thread> ready = new ArrayList<>();

    Turns(Random chance) {
        this.chance = chance;
    }

    /** Runs a task of a random thread. Returns false if no thread has a task. */
    boolean next() {
        if (ready.isEmpty()) {
            return false;
        }
        Thread thread = ready.get(chance.nextInt(ready.size()));
        Runnable task = thread.tasks.remove();
        if (thread.tasks.isEmpty()) {
            ready.remove(thread);
        }
        task.run();
        return true;
    }

    void takeAll() {
        boolean taken = true;
        while (taken) {
            taken = next();
        }
    }

    @Override
    public Disposable schedule(Runnable task) {
        return createWorker().schedule(task);
    }

    @Override
    public Worker createWorker() {
        return new Thread();
    }

    private final class Thread implements Worker {
        private final Queue<Runnable> tasks = new ArrayDeque<>();
        private boolean disposed;

        @Override
        public Disposable schedule(Runnable task) {
            if (tasks.isEmpty()) {
                ready.add(this);
            }
            Disposable cancelled = Disposables.single();
            tasks.add(() -> {
                if (!cancelled.isDisposed() && !disposed) {
                    task.run();
                }
            });
            return cancelled;
        }

        @Override
        public void dispose() {
            disposed = true;
        }

        @Override
        public boolean isDisposed() {
            return disposed;
        }
    }
}
