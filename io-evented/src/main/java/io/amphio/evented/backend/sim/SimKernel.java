package io.amphio.evented.backend.sim;

import io.amphio.evented.backend.Failure;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * One simulated machine, or several: its clock, what is on its way, who listens where, and what is open.
 *
 * <p>Every address is local, so a test may give each of its hosts one of its own. Time stands still but for {@link #pass} and
 * {@link #passUntil}; what arrives at the same time arrives in the order in which it was sent.
 *
 * <p><b>Threads:</b> one at a time, that of the simulation; only {@link #nanoTime} may be called from any.
 */
public final class SimKernel {
    private record Message(long atNanos, long sequence, Runnable arrival) implements Comparable<Message> {
        @Override
        public int compareTo(Message other) {
            int byTime = Long.compare(atNanos, other.atNanos);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }

    private final SimWorld world;
    private final int bufferBytes;
    private final PriorityQueue<Message> onTheirWay = new PriorityQueue<>();
    private final SimFiles files;
    private final SimAddresses addresses = new SimAddresses();
    private final Map<Integer, SimDescriptor> open = new LinkedHashMap<>();
    private volatile long nowNanos; // written by the simulation's thread
    private long sequence;
    private int descriptors;
    private long changes;

    /**
     * Creates a machine on which nothing is open.
     *
     * @param world who decides
     * @param bufferBytes how much of a stream the receiving side keeps before the sender has to wait
     */
    public SimKernel(SimWorld world, int bufferBytes) {
        this.world = world;
        this.bufferBytes = bufferBytes;
        this.files = new SimFiles(this);
    }

    // ---------------------------------------------------------------- time

    /**
     * Returns what its clock shows.
     *
     * @return nanoseconds since the simulation began
     */
    public long nanoTime() {
        return nowNanos;
    }

    /** Returns the time of day, in nanoseconds since 1970. */
    long wallNanos() {
        return world.firstWallNanos() + nowNanos;
    }

    /**
     * Lets time pass.
     *
     * @param nanos how much, 0 or more
     */
    public void pass(long nanos) {
        passUntil(nowNanos + nanos);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    void passUntil(long nanos) {
        nowNanos = Math.max(nowNanos, nanos);
    }

    /** Hands over what has arrived by now. */
    void deliver() {
        for (Message next = onTheirWay.peek(); next != null && next.atNanos <= nowNanos; next = onTheirWay.peek()) {
            onTheirWay.poll();
            changed();
            next.arrival.run();
        }
    }

    /** Returns when the next message arrives; {@link Long#MAX_VALUE} if none is on its way. */
    long nextArrivalNanos() {
        Message next = onTheirWay.peek();
        return next == null ? Long.MAX_VALUE : next.atNanos;
    }

    /** Sends something that does {@code arrival} when it arrives, which is at once if it takes no time. */
    void send(long atNanos, Runnable arrival) {
        if (atNanos <= nowNanos && nextArrivalNanos() > nowNanos) {
            changed();
            arrival.run();
            return;
        }
        onTheirWay.add(new Message(atNanos, sequence++, arrival));
    }

    /** Something changed that an operation may wait for. */
    void changed() {
        changes++;
    }

    /** Returns a number that is another one after each change. */
    long changes() {
        return changes;
    }

    // ---------------------------------------------------------------- what is open

    SimFiles files() {
        return files;
    }

    SimWorld world() {
        return world;
    }

    int bufferBytes() {
        return bufferBytes;
    }

    /** Counts a descriptor that somebody is being given. */
    int open(SimDescriptor descriptor) {
        int number = ++descriptors;
        open.put(number, descriptor);
        return number;
    }

    /** Begins to open something. */
    void requireDescriptor() throws Failure {
        world.requireInside("an open", null);
        if (!world.hasDescriptor()) {
            throw new Failure("too many open files", "EMFILE", null);
        }
    }

    void closed(int number) {
        open.remove(number);
    }

    /**
     * Returns what is open, for people to read.
     *
     * @return a line for each, in the order in which they were opened
     */
    public List<String> open() {
        List<String> lines = new ArrayList<>();
        open.forEach((number, descriptor) -> lines.add(descriptor + ", opened by " + descriptor.opener()));
        return lines;
    }

    // ---------------------------------------------------------------- addresses

    /** Gives {@code descriptor} an address, and returns it: with a port, if that was left to the kernel. */
    SocketAddress bind(SimDescriptor descriptor, SocketAddress wanted) throws Failure {
        SocketAddress address = addresses.withPort(descriptor.isDatagram(), wanted);
        addresses.requireFree(descriptor, address);
        if (address instanceof UnixDomainSocketAddress unix) {
            files.addSocket(unix.getPath().toString());
        }
        addresses.add(descriptor, address);
        return address;
    }

    void unbind(SimDescriptor descriptor, SocketAddress address) {
        addresses.remove(descriptor, address);
    }

    /** Returns why nobody can be reached at {@code address}. */
    Failure nobodyAt(SocketAddress address) {
        return address instanceof UnixDomainSocketAddress unix
                        && !files.exists(unix.getPath().toString())
                ? new Failure("no such file or directory", "ENOENT", null)
                : new Failure("connection refused", "ECONNREFUSED", null);
    }

    /** Returns who receives what is sent to {@code address}: a chosen one of several that share it; null if nobody. */
    @Nullable
    SimDescriptor at(SocketAddress address, boolean datagrams) {
        List<SimDescriptor> there = addresses.at(datagrams, address);
        return switch (there.size()) {
            case 0 -> null;
            case 1 -> there.getFirst();
            default -> there.get(world.choose(there.size()));
        };
    }
}
