package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.CancelProtection;
import io.amphio.CompletionQueue;
import io.amphio.Future;
import io.amphio.Group;
import io.amphio.Io;
import io.amphio.Outcome;
import io.amphio.Select;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.fs.File;
import io.amphio.fs.OpenOptions;
import io.amphio.net.Datagram;
import io.amphio.net.DatagramSocket;
import io.amphio.net.Server;
import io.amphio.net.Stream;
import io.amphio.net.StreamPair;
import io.amphio.sync.Barrier;
import io.amphio.sync.BroadcastChannel;
import io.amphio.sync.Channel;
import io.amphio.sync.Condition;
import io.amphio.sync.LaggedException;
import io.amphio.sync.Mutex;
import io.amphio.sync.Notify;
import io.amphio.sync.ReentrantMutex;
import io.amphio.sync.RwLock;
import io.amphio.sync.Semaphore;
import io.amphio.sync.Subscription;
import io.amphio.time.ClockId;
import io.vavr.CheckedRunnable;
import java.io.IOException;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A program that goes through every kind of cancellation point while it holds things, with partners that do what it waits for;
 * and what must be left when it has ended, wherever it was canceled.
 */
final class PointProgram {
    private static final int PERMITS = 3;
    private static final AtomicInteger PATHS = new AtomicInteger();

    private final CountingIo io;
    private final Io other;
    private final Server server;
    private final DatagramSocket echo;
    private final StreamPair unix;
    private final Server unixServer; // to which the program connects
    private final Server accepting; // on which it accepts, and a partner connects to
    private final Path path = freshPath();
    private final File file;
    private final Mutex mutex = new Mutex();
    private final ReentrantMutex reentrant = new ReentrantMutex();
    private final Semaphore semaphore = new Semaphore(PERMITS);
    private final RwLock lock = new RwLock();
    private final Mutex of = new Mutex();
    private final Condition condition = new Condition(of);
    private final Notify notify = new Notify();
    private final Barrier barrier = new Barrier(2);
    private final Channel<Integer> there = Channel.rendezvous();
    private final Channel<Integer> back = new Channel<>(1);
    private final BroadcastChannel<Integer> news = new BroadcastChannel<>(100);
    private final Subscription<Integer> subscription = news.subscribe();
    private final ByteBuffer buffer = ByteBuffer.allocate(64);
    private final AtomicInteger sentThere = new AtomicInteger();
    private final AtomicInteger receivedThere = new AtomicInteger();
    private final AtomicInteger sentBack = new AtomicInteger();
    private final AtomicInteger receivedBack = new AtomicInteger();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger sawTheEnd = new AtomicInteger();
    private final AtomicInteger unixAccepted = new AtomicInteger();
    private final AtomicInteger unixSawTheEnd = new AtomicInteger();
    private final CompletionQueue<Integer> queue = new CompletionQueue<>(1);
    private int submitted; // by the program's task
    private int taken; // as above
    private final Group partners = new Group();
    private boolean awaiting; // the program's task

    PointProgram(Io io, Io other) throws IOException {
        this.io = new CountingIo(io);
        this.other = other;
        this.server = other.net().listen(Connection.ANY_PORT);
        this.echo = other.net().bind(Connection.ANY_PORT);
        this.unix = other.net().pair();
        this.unixServer = other.net().listen(UnixDomainSocketAddress.of(path));
        this.accepting = other.net().listen(Connection.ANY_PORT);
        this.file = file(other, path.resolveSibling(path.getFileName() + ".txt"));
        partner(() -> {
            ByteBuffer datagram = ByteBuffer.allocate(64);
            Datagram received = echo.receive(other, datagram);
            echo.send(other, datagram.flip(), received.sender());
        });
        partner(() -> {
            ByteBuffer text = ByteBuffer.allocate(64);
            unix.second().read(other, text);
            unix.second().writeAll(other, text.flip());
        });
        partner(() -> {
            try (Stream stream = unixServer.accept(other)) {
                unixAccepted.incrementAndGet();
                String read = Connection.read(other, stream);
                while (!read.equals("end")) {
                    stream.writeAll(other, Connection.bytes(read));
                    read = Connection.read(other, stream);
                }
                unixSawTheEnd.incrementAndGet();
            } catch (SocketException gone) {
                unixSawTheEnd.incrementAndGet();
            }
        });
        partner(() -> {
            try (Stream stream = other.net().connect(other, accepting.localAddress())) {
                assertEquals("end", Connection.read(other, stream));
            }
        });
        partner(() -> {
            notify.signal();
            news.send(1);
            of.withLock(other, condition::signal);
            other.sleep(Duration.ofNanos(20_000));
        });
        partner(() -> barrier.await(other));
        partner(() -> receivedThere.addAndGet(there.receive(other)));
        partner(() -> {
            back.send(other, 1);
            sentBack.incrementAndGet();
        });
        partner(() -> {
            try (Stream stream = server.accept(other)) {
                accepted.incrementAndGet();
                String read = Connection.read(other, stream);
                if (!read.equals("end")) {
                    stream.writeAll(other, Connection.bytes(read));
                    read = Connection.read(other, stream);
                }
                sawTheEnd.addAndGet(read.equals("end") ? 1 : 0);
            } catch (SocketException reset) { // the other end was closed before it had read our answer
                sawTheEnd.incrementAndGet();
            }
        });
    }

    private static Path freshPath() {
        String name = "amphio-" + ProcessHandle.current().pid() + "-" + PATHS.incrementAndGet();
        return Path.of(System.getProperty("java.io.tmpdir"), name);
    }

    /** Made by means of the {@code Io}, as a simulated world has files of its own. */
    private static File file(Io io, Path path) throws IOException {
        try (File made = io.fs().open(io, path, OpenOptions.writing().create().truncate())) {
            made.writeAt(io, Connection.bytes("of a file"), 0);
        }
        return io.fs().open(io, path, OpenOptions.reading());
    }

    private void partner(CheckedRunnable step) {
        partners.concurrent(other, () -> {
            while (true) {
                step.run();
            }
        });
    }

    /** Runs the program as the current task; {@code point} is called before each cancellation point. */
    void run(Runnable point) throws Exception {
        point.run();
        mutex.lock(io);
        try {
            point.run();
            semaphore.acquire(io, 2, Timeout.after(Conformance.PATIENCE));
            try {
                point.run();
                lock.lockRead(io);
                try {
                    point.run();
                    reentrant.withLock(io, () -> exchange(point));
                } finally {
                    lock.unlockRead();
                }
            } finally {
                semaphore.release(2);
            }
        } finally {
            mutex.unlock();
        }
        point.run();
        io.withTimeout(Conformance.PATIENCE, () -> talk(point));
    }

    private void exchange(Runnable point) {
        point.run();
        reentrant.withLock(io, () -> {});
        point.run();
        there.send(io, 1, Timeout.after(Conformance.PATIENCE));
        sentThere.incrementAndGet();
        point.run();
        receivedBack.addAndGet(back.receive(io));
        point.run();
        barrier.await(io, Timeout.after(Conformance.PATIENCE));
        point.run();
        notify.await(io);
        point.run();
        of.withLock(io, () -> condition.await(io, Timeout.after(Conformance.PATIENCE)));
        point.run();
        try {
            subscription.receive(io);
        } catch (LaggedException slow) {
            // Its partner does not wait for anybody.
        }
        point.run();
        lock.unlockRead();
        try {
            lock.lockWrite(io);
            lock.unlockWrite();
        } finally {
            lockReadAgain();
        }
        point.run();
        new Select<Boolean>()
                .send(there, 1, () -> sentThere.incrementAndGet() > 0)
                .receive(back, number -> receivedBack.incrementAndGet() > 0)
                .await(io);
        point.run();
        io.sleep(Duration.ofNanos(20_000));
        awaiting = true;
        point.run();
        queue.submit(io, "a sleep", own -> {
            own.sleep(Duration.ofNanos(20_000));
            return 1;
        });
        submitted++;
        point.run();
        taken += queue.next(io).isDefined() ? 1 : 0;
        point.run();
        queue.timer(io, Duration.ofNanos(20_000), 1);
        submitted++;
        point.run();
        taken += queue.next(io, Timeout.after(Conformance.PATIENCE)).isDefined() ? 1 : 0;
        point.run();
        io.sleep(ClockId.WALL, Duration.ofNanos(20_000));
        point.run();
        io.concurrent(() -> io.sleep(Duration.ofNanos(20_000))).get().await(io);
        awaiting = false;
        point.run();
        try (Group group = new Group()) {
            group.async(io, () -> io.sleep(Duration.ofNanos(20_000)));
            group.await(io);
        }
        point.run();
        io.call(io, () -> {});
    }

    /** Returns, inside a point, whether that is an await: one that need not wait returns its value and keeps a request for later. */
    boolean isAwaiting() {
        return awaiting;
    }

    private void lockReadAgain() {
        CancelProtection before = io.swapCancelProtection(CancelProtection.BLOCKED);
        lock.lockRead(io);
        io.swapCancelProtection(before);
    }

    private void talk(Runnable point) throws IOException {
        try (Stream stream = other.net().connect(io, server.localAddress(), Timeout.after(Conformance.PATIENCE))) {
            stream.setReadTimeout(Timeout.after(Conformance.PATIENCE));
            point.run();
            stream.write(io, Connection.bytes("ping"));
            point.run();
            stream.read(io, buffer.clear());
        }
        try (DatagramSocket socket = other.net().bind(Connection.ANY_PORT)) {
            Timeout patience = Timeout.after(Conformance.PATIENCE);
            point.run();
            socket.send(io, Connection.bytes("ping"), echo.localAddress(), patience);
            point.run();
            socket.receive(io, buffer.clear(), patience);
        }
        point.run();
        unix.first().write(io, Connection.bytes("ping"));
        point.run();
        unix.first().read(io, buffer.clear());
        point.run();
        accepting.accept(io, Timeout.after(Conformance.PATIENCE)).close();
        point.run();
        try (Stream stream =
                other.net().connect(io, unixServer.localSocketAddress(), Timeout.after(Conformance.PATIENCE))) {
            point.run();
            assertEquals(9, stream.sendFile(io, file, 0, Long.MAX_VALUE));
            point.run();
            stream.read(io, buffer.clear());
        }
    }

    /** Waits until the program has ended, which may have been canceled or not, and checks. */
    void checkOnceEnded(Io main, Future<?> ended) throws IOException {
        if (ended.waitFor(main, Timeout.after(Conformance.PATIENCE)) instanceof Outcome.Failure<?>(Throwable thrown)) {
            throw new AssertionError(thrown);
        }
        check(main);
    }

    /** Fails unless everything is free and nothing is lost, now that the program has ended; {@code main} checks. */
    void check(Io main) throws IOException {
        buffer.clear(); // a read that still had it would make the next use of it fail
        while (queue.next(main, Timeout.after(Conformance.PATIENCE)).isDefined()) {
            taken++;
        }
        assertEquals(submitted, taken, "submitted and taken");
        Conformance.until(main, () -> io.timersRunning() == 0);
        assertFalse(mutex.isLocked() || reentrant.isLocked());
        assertEquals(PERMITS, semaphore.freePermits());
        assertTrue(lock.tryLockWrite(), lock::toString);
        lock.unlockWrite();
        // A connection that was made and given up is closed at this end: whoever accepted it reads the end.
        try (Stream last = other.net().connect(main, server.localAddress())) {
            last.writeAll(main, buffer.put((byte) 1).flip());
            assertEquals(1, last.read(main, buffer.clear()));
        }
        try (Stream last = other.net().connect(main, unixServer.localSocketAddress())) {
            last.writeAll(main, buffer.clear().put((byte) 1).flip());
            assertEquals(1, last.read(main, buffer.clear()));
        }
        accepting.accept(main, Timeout.after(Conformance.PATIENCE)).close(); // none was taken and lost
        Conformance.until(
                main,
                () -> accepted.get() > 0
                        && accepted.get() == sawTheEnd.get()
                        && unixAccepted.get() > 0
                        && unixAccepted.get() == unixSawTheEnd.get());
        partners.cancel(main);
        assertEquals(sentThere.get(), receivedThere.get(), "sent there and received");
        assertEquals(sentBack.get(), receivedBack.get() + back.size(), "sent back, and received or still there");
        assertFalse(notify.signal(), "somebody still waits for a signal");
        assertFalse(there.trySend(1), "somebody still receives");
        assertThrows(TimedOutException.class, () -> barrier.await(main, Timeout.afterMillis(0)));
        server.close();
        echo.close();
        unix.close();
        accepting.close();
        unixServer.close();
        file.close();
        Files.deleteIfExists(path);
        Files.deleteIfExists(file.path());
    }
}
