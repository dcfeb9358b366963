package io.amphio.tls;

import io.amphio.Io;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.net.Stream;
import io.amphio.sync.Mutex;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/**
 * The way out of a TLS stream: records that the engine has made and that are not sent yet.
 *
 * <p>Records must be sent in the order in which they were made, and each in whole, or the peer cannot read any of what follows. So
 * one lane guards both steps: whoever makes records holds it until they stand in line here. What a canceled task leaves in line is
 * sent first by whoever comes next; nothing is made twice.
 *
 * <p>A reader comes here too, as some of what it reads must be answered: see {@link #answer}.
 *
 * <p>The buffer is on the heap: the JDK's ciphers copy what is not, and the connection copies what is; once in either case.
 */
final class Outbound {
    static final Timeout NO_WAIT = Timeout.afterMillis(0);

    /** What {@link #encrypt} returns if the engine makes no more records. */
    static final long CLOSED = -1;

    private static final ByteBuffer[] NOTHING = {};
    private static final int RECORDS = 2; // at once: fewer calls of the system for bulk
    private static final int MOST_UNANSWERED = 16;

    private final SSLEngine engine;
    private final Stream transport;
    private final Mutex lane = new Mutex();
    private ByteBuffer records; // @GuardedBy("lane"): from its position to its limit, what is not sent yet
    private int unanswered; // owned by the reader

    Outbound(SSLEngine engine, Stream transport) {
        this.engine = engine;
        this.transport = transport;
        this.records = ByteBuffer.allocate(RECORDS * engine.getSession().getPacketBufferSize())
                .limit(0);
    }

    Mutex lane() {
        return lane;
    }

    /** Returns whether something was left in line. Under the lane. */
    boolean isPending() {
        return records.hasRemaining();
    }

    /** Returns whether no more records have room. Under the lane. */
    boolean isFull() {
        return records.capacity() - records.remaining() < engine.getSession().getPacketBufferSize();
    }

    /** Makes the records that the engine wants to send of its own accord; {@link #CLOSED} if it makes no more. Under the lane. */
    long encrypt() throws SSLException {
        return encrypt(NOTHING);
    }

    /**
     * Makes records of {@code sources} until those are empty or the line is full, behind those that the engine wants to send of
     * its own accord. Under the lane.
     *
     * @return how many bytes it took, or {@link #CLOSED} if it makes no more records
     */
    long encrypt(ByteBuffer[] sources) throws SSLException {
        records.compact();
        try {
            long taken = 0;
            while (true) {
                SSLEngineResult result = engine.wrap(sources, records);
                taken += result.bytesConsumed();
                switch (result.getStatus()) {
                    case CLOSED -> {
                        return taken == 0 ? CLOSED : taken;
                    }
                    case BUFFER_OVERFLOW -> {
                        if (records.position() > 0) {
                            return taken;
                        }
                        records = ByteBuffer.allocate(engine.getSession().getPacketBufferSize()); // it has grown
                    }
                    default -> {
                        if (!goesOn(result, sources)) {
                            return taken;
                        }
                    }
                }
            }
        } finally {
            records.flip();
        }
    }

    private static boolean goesOn(SSLEngineResult result, ByteBuffer[] sources) {
        HandshakeStatus status = result.getHandshakeStatus();
        boolean moved = result.bytesConsumed() + result.bytesProduced() > 0 || status == HandshakeStatus.FINISHED;
        return moved && (status == HandshakeStatus.NEED_WRAP || remaining(sources) > 0);
    }

    static long remaining(ByteBuffer[] buffers) {
        long sum = 0;
        for (ByteBuffer buffer : buffers) {
            sum += buffer.remaining();
        }
        return sum;
    }

    /** Sends what is in line; what is not sent when this throws stays there. Under the lane. */
    void send(Io io, Timeout limit) throws IOException {
        if (records.hasRemaining()) {
            transport.setWriteTimeout(limit);
            while (records.hasRemaining()) {
                transport.write(io, records);
            }
        }
    }

    /**
     * Answers for the reader what the peer wants answered: the update of a key, the end of TLS 1.2.
     *
     * <p>The reader must not wait for a writer who waits for a peer who waits for us to read. So it does this only if no writer
     * is at work, and sends only what fits: whatever is sent next sends the answer first, and earlier nobody may expect it. A peer
     * that wants more and more answers and takes none waits, though, as they have to be kept.
     *
     * @throws io.amphio.CanceledException if the task was canceled meanwhile; the answer is in line all the same, or will be made
     */
    void answer(Io io, Timeout limit) throws SSLException {
        if (unanswered < MOST_UNANSWERED) {
            if (!lane.tryLock()) {
                unanswered++;
                return;
            }
        } else {
            lane.lock(io, limit);
        }
        try {
            encrypt();
            unanswered = isPending() ? unanswered + 1 : 0;
            send(io, unanswered < MOST_UNANSWERED ? NO_WAIT : limit);
            unanswered = 0;
        } catch (TimedOutException full) {
            if (unanswered >= MOST_UNANSWERED) {
                throw full;
            }
        } catch (SSLException broken) {
            throw broken;
        } catch (IOException gone) {
            // The connection cannot be written to any more. What came before that may be read, and the next write says
            // it.
        } finally {
            lane.unlock();
        }
    }
}
