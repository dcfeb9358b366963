package io.amphio.examples.redis;

import io.amphio.Io;
import io.amphio.net.Stream;
import io.amphio.sync.Channel;
import io.amphio.sync.ChannelClosedException;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a connection that has subscribed to something is still to be sent: replies and messages, in order. Publishers never wait for
 * it; if it falls too far behind, its connection is closed, and the reason is told.
 *
 * <p><b>Threads:</b> {@link #offer}: any; the rest is its connection's.
 */
final class Outbox {
    static final int LIMIT_MESSAGES = 4096;
    static final long LIMIT_BYTES = 32 << 20;
    private static final int WRITTEN_AT_ONCE = 64;

    final Set<String> topics = new HashSet<>(); // owned by the connection's task
    private final Stream stream;
    private final Channel<byte[]> messages = new Channel<>(LIMIT_MESSAGES);
    private final AtomicLong bytes = new AtomicLong(); // of what is not written yet
    private final AtomicBoolean dropped = new AtomicBoolean();

    Outbox(Stream stream) {
        this.stream = stream;
    }

    /** Queues a message; false if this subscriber is dropped, now or before. */
    boolean offer(byte[] message) {
        if (messages.isClosed()) {
            return false;
        }
        try {
            if (bytes.addAndGet(message.length) <= LIMIT_BYTES && messages.trySend(message)) {
                return true;
            }
        } catch (ChannelClosedException meanwhile) {
            return false;
        }
        drop();
        return false;
    }

    /** Queues replies, waiting for room: a client that does not read them is not asked for more commands. */
    void send(Io io, byte[] replies) {
        bytes.addAndGet(replies.length);
        messages.send(io, replies);
    }

    /** Sends no more than what is queued already. */
    void close() {
        messages.close();
    }

    private void drop() {
        if (dropped.compareAndSet(false, true)) {
            System.err.println("redis: subscriber " + stream.remoteAddress() + " is dropped: it is " + messages.size()
                    + " messages (" + bytes + " bytes) behind");
            messages.closeNow();
            stream.close(); // which ends both of its tasks
        }
    }

    /** Writes what is queued, until it is closed. */
    void run(Io io) {
        try {
            writeAll(io);
        } catch (IOException gone) {
            stream.close(); // which the reading task sees
        }
    }

    /** Writes many messages at once where there are many. */
    private void writeAll(Io io) throws IOException {
        for (Option<byte[]> next = messages.receiveOption(io); next.isDefined(); next = messages.receiveOption(io)) {
            List<ByteBuffer> batch = new ArrayList<>();
            long size = 0;
            while (next.isDefined()) {
                batch.add(ByteBuffer.wrap(next.get()));
                size += next.get().length;
                boolean more = batch.size() < WRITTEN_AT_ONCE && messages.size() > 0; // and nobody else takes them
                next = more ? messages.receiveOption(io) : Option.none();
            }
            stream.writeAll(io, batch.toArray(ByteBuffer[]::new));
            bytes.addAndGet(-size);
        }
    }
}
