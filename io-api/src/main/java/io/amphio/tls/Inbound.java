package io.amphio.tls;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.net.Stream;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;

/**
 * The way in of a TLS stream: records that have come, and bytes of them that were not handed out.
 *
 * <p>Each step leaves both buffers as they should be before the next may throw, so a canceled reader loses nothing. A record goes
 * straight into the buffers of the caller if they hold it; otherwise by way of {@code plain}, which exists only then.
 *
 * <p><b>Threads:</b> owned by the one task that reads.
 */
final class Inbound {
    private static final ByteBuffer[] NOWHERE = {ByteBuffer.allocate(0)};
    private static final int RECORDS = 2; // at once: fewer calls of the system for bulk

    private final SSLEngine engine;
    private final Stream transport;
    private ByteBuffer records; // from its position to its limit, what has come and was not decrypted
    private final ByteBuffer[] plain = {ByteBuffer.allocate(0)}; // from its position to its limit, not handed out

    Inbound(SSLEngine engine, Stream transport) {
        this.engine = engine;
        this.transport = transport;
        this.records = ByteBuffer.allocate(RECORDS * engine.getSession().getPacketBufferSize())
                .limit(0);
    }

    /** Returns whether bytes can be handed out as they are. */
    boolean hasPlain() {
        return plain[0].hasRemaining();
    }

    /** Hands out as many bytes as there are and fit; returns how many. */
    long handOut(ByteBuffer[] targets) {
        long count = 0;
        for (ByteBuffer target : targets) {
            int some = Math.min(plain[0].remaining(), target.remaining());
            target.put(target.position(), plain[0], plain[0].position(), some);
            target.position(target.position() + some);
            plain[0].position(plain[0].position() + some);
            count += some;
        }
        return count;
    }

    /** Decrypts a record into {@code targets}, or to be handed out if they do not hold it; the result says what came of it. */
    SSLEngineResult decrypt(ByteBuffer[] targets) throws SSLException {
        SSLEngineResult result = engine.unwrap(records, targets, 0, targets.length);
        if (result.getStatus() != SSLEngineResult.Status.BUFFER_OVERFLOW) {
            return result;
        }
        int size = engine.getSession().getApplicationBufferSize();
        if (plain[0].capacity() < size) {
            plain[0] = ByteBuffer.allocate(size);
        }
        plain[0].clear();
        try {
            return engine.unwrap(records, plain, 0, 1);
        } finally {
            plain[0].flip();
        }
    }

    /** Takes in a message of a handshake, which has nothing to hand out. */
    SSLEngineResult decrypt() throws SSLException {
        return engine.unwrap(records, NOWHERE, 0, 1);
    }

    /** Receives some bytes, part of a record or several; false at the end. */
    boolean receive(Io io, Timeout limit) throws IOException {
        int size = engine.getSession().getPacketBufferSize();
        if (records.capacity() < size) {
            records = ByteBuffer.allocate(size).put(records).flip(); // the peer makes larger ones
        }
        transport.setReadTimeout(limit);
        records.compact();
        try {
            return transport.read(io, records) >= 0;
        } finally {
            records.flip();
        }
    }

    /**
     * Takes away, without waiting, what has come and nobody will read: a connection that is closed over it is reset, and what
     * was written last may get lost with it.
     */
    void discard(Io io, int mostReads) throws IOException {
        transport.setReadTimeout(Outbound.NO_WAIT);
        int count = 0;
        for (int reads = 0; reads < mostReads && count >= 0; reads++) {
            count = transport.read(io, records.clear());
        }
    }
}
