package io.amphio.evented.backend.sim;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * One direction of a stream: bytes that are on their way in segments, and those that have arrived and wait to be received.
 *
 * <p>Both together are never more than its capacity: that is what makes a sender wait. Segments arrive in the order in which
 * they were sent, however long each one takes.
 */
final class SimPipe {
    private static final int SEGMENT_BYTES = 1_460; // what an Ethernet frame carries of a TCP stream

    private final SimKernel kernel;
    private final ArrayDeque<ByteBuffer> arrived = new ArrayDeque<>();
    private int capacity;
    private long arrivedBytes;
    private long onTheWayBytes;
    private long lastArrivalNanos;
    private boolean ended;
    private boolean broken;
    private boolean deaf; // the receiver has gone, and what arrives is answered by a reset

    SimPipe(SimKernel kernel) {
        this.kernel = kernel;
        this.capacity = kernel.bufferBytes();
    }

    void setCapacity(int bytes) {
        capacity = Math.max(1, bytes);
    }

    // ---------------------------------------------------------------- the sender's end

    /** Returns how much the sender may send now. */
    long space() {
        return Math.max(0, capacity - arrivedBytes - onTheWayBytes);
    }

    /** Sends up to {@code most} bytes; {@code refused} is run if they arrive where nobody receives any more. */
    long send(ByteBuffer[] buffers, long most, Runnable refused, Runnable breaks) {
        long sent = 0;
        for (ByteBuffer buffer : buffers) {
            while (buffer.hasRemaining() && sent < most) {
                int count = (int) Math.min(Math.min(buffer.remaining(), SEGMENT_BYTES), most - sent);
                ByteBuffer segment = ByteBuffer.allocate(count);
                segment.put(buffer.slice(buffer.position(), count)).flip();
                buffer.position(buffer.position() + count);
                sent += count;
                onTheWayBytes += count;
                message(() -> arrive(segment, refused), breaks);
            }
        }
        return sent;
    }

    private void arrive(ByteBuffer segment, Runnable refused) {
        onTheWayBytes -= segment.remaining();
        if (deaf) {
            refused.run();
        } else if (!broken) {
            arrived.add(segment);
            arrivedBytes += segment.remaining();
        }
    }

    /** Sends the end of the stream, behind what was sent before. */
    void sendEnd(Runnable breaks) {
        message(() -> ended = true, breaks);
    }

    /** Sends {@code arrival} behind everything that was sent before; {@code breaks} is what happens if the connection breaks. */
    void message(Runnable arrival, Runnable breaks) {
        long nanos = kernel.world().messageNanos();
        if (nanos == SimWorld.BREAKS) {
            kernel.send(kernel.nanoTime(), breaks);
            return;
        }
        long late = nanos == SimWorld.LOST ? RESEND_NANOS + kernel.world().messageNanos() : nanos;
        lastArrivalNanos = Math.max(lastArrivalNanos, kernel.nanoTime() + Math.max(0, late));
        kernel.send(lastArrivalNanos, arrival);
    }

    private static final long RESEND_NANOS = 200_000_000; // how long TCP waits at least before it sends again

    // ---------------------------------------------------------------- the receiver's end

    /** Takes up to {@code most} of the bytes that have arrived. */
    long receive(ByteBuffer[] buffers, long most) {
        long received = 0;
        for (ByteBuffer buffer : buffers) {
            while (buffer.hasRemaining() && received < most && !arrived.isEmpty()) {
                ByteBuffer first = arrived.getFirst();
                int count = (int) Math.min(Math.min(buffer.remaining(), first.remaining()), most - received);
                buffer.put(first.slice(first.position(), count));
                first.position(first.position() + count);
                received += count;
                if (!first.hasRemaining()) {
                    arrived.removeFirst();
                }
            }
        }
        arrivedBytes -= received;
        return received;
    }

    boolean hasArrived() {
        return arrivedBytes > 0;
    }

    boolean hasEnded() {
        return ended;
    }

    boolean isBroken() {
        return broken;
    }

    /** The connection is broken: what has arrived can still be received. */
    void breakIt() {
        broken = true;
    }

    /** The receiver goes away, or wants nothing more. */
    void stopReceiving() {
        deaf = true;
        arrived.clear();
        arrivedBytes = 0;
    }
}
