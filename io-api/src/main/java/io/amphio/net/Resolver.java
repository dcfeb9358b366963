package io.amphio.net;

import io.amphio.Io;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * Looks up the addresses of hosts.
 *
 * <p>Literals of addresses, {@code localhost} and what ends in {@code .localhost} are answered by themselves: no server, no file and
 * no other thread is asked.
 *
 * <p><b>Threads:</b> every method may be called from any task and any plain thread.
 */
public interface Resolver {
    /**
     * Looks up a name.
     *
     * <p>Cancellation point. Identical lookups at the same time ask once; one that is canceled, or times out, leaves the others
     * alone.
     *
     * @param io who waits
     * @param host which name
     * @param options what is wanted, and how long it may take
     * @return its addresses, the one to try first first
     * @throws LookupException if there is no such name, no such address, or nobody who says
     * @throws io.amphio.TimedOutException if the timeout of {@code options} passed first
     * @throws UnsupportedOperationException if the canonical name is wanted of a resolver that cannot tell it
     */
    HostAddresses lookup(Io io, HostName host, LookupOptions options) throws IOException;

    /**
     * Looks up a name, as {@link #lookup(Io, HostName, LookupOptions)} does, and tells beforehand what can be used already: the
     * addresses of one family, say, while those of the other are still asked for. So a connect need not wait for both.
     *
     * <p>Cancellation point; what has been told before stays true.
     *
     * @param io who waits
     * @param host which name
     * @param options what is wanted, and how long it may take
     * @param early is called by the current task, as often as there is news before the end, with all that is known so far; never
     *     by a resolver that gets its answers as a whole
     * @return all addresses, the one to try first first
     */
    default HostAddresses lookup(Io io, HostName host, LookupOptions options, Consumer<HostAddresses> early)
            throws IOException {
        return lookup(io, host, options);
    }
}
