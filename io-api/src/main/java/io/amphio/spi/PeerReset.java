package io.amphio.spi;

import java.io.IOException;

/**
 * Whether the peer of a connection has reset it, for the reader whom the kernel does not tell.
 *
 * <p>A kernel keeps one error for a connection and gives it to whichever call asks first. If that is a write, the next read finds
 * no error left and returns the end of the stream: a connection that was torn down would look like one that was
 * finished. So writes leave word here, and a read that came to the end looks.
 *
 * <pre>
 *   state     event                                next      and then
 *   -------   ----------------------------------   -------   ----------------------------------------------------
 *   quiet     a write begins                       writing
 *   writing   it returns, or fails otherwise       quiet
 *   writing   it fails by ECONNRESET               told      the write throws
 *   quiet     a read came to the end               quiet     the end it is
 *   writing   a read came to the end               writing   spins: the write does not wait, so it is over soon
 *   told      a read came to the end               told      the read throws
 * </pre>
 *
 * <p>No reset is missed: the write whose call took the error away was announced before that call, and withdrawn only after what it
 * found was written down. A read whose own call came later than that one sees either of the two.
 *
 * <p><b>Threads:</b> one writes at a time, one reads at a time; both at once.
 */
public final class PeerReset {
    /** One call that writes and does not wait. */
    @FunctionalInterface
    public interface Write {
        /** Makes the call; returns how many bytes. */
        long run() throws IOException;
    }

    private volatile boolean writing; // the writer's
    private volatile boolean told; // the writer sets it, once

    /** Creates one for a connection that nobody has reset. */
    public PeerReset() {}

    /** Makes {@code write}, and keeps in mind whether it fails because the peer has reset the connection. */
    public long watch(Write write) throws IOException {
        writing = true;
        try {
            return write.run();
        } catch (IOException failed) {
            if ("ECONNRESET".equals(NetErrors.errno(failed))) {
                told = true;
            }
            throw failed;
        } finally {
            writing = false;
        }
    }

    /** Returns whether what looks like the end of the stream to a read is a reset. */
    public boolean isBehindTheEnd() {
        while (writing && !told) {
            Thread.onSpinWait();
        }
        return told;
    }
}
