package io.amphio.evented.backend;

import io.amphio.console.Terminals;
import io.amphio.spi.files.DirCalls;
import io.amphio.time.Clock;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Opens backends of one kind, and the descriptors that they can work on.
 *
 * <p>What neither a backend of this kind nor its {@link BlockingCalls} can do throws {@link UnsupportedOperationException}
 * with a message that names what could; {@code docs/support.md} lists it, and a test holds the list.
 *
 * <p><b>Threads:</b> any thread. A descriptor works with every backend of the same provider.
 */
public interface BackendProvider {
    /**
     * Returns the name by which this kind is chosen.
     *
     * @return a short lower-case name
     */
    String name();

    /**
     * Returns why this machine cannot have it. Found out once, by asking the kernel.
     *
     * @return the reason, and the way out if there is one; null if it can
     */
    default @Nullable String refusal() {
        return null;
    }

    /**
     * Does now what would otherwise happen when something is first needed, on the thread of a loop: the static initializers
     * that call the system or load native libraries, of ours and of the JDK. A loop's opener calls it before it opens the
     * backend. It takes a while the first time, and nothing after that.
     */
    default void prepare() {}

    /**
     * Opens a backend.
     *
     * @param sink where its operations go when they have completed
     * @return the backend, for one event loop
     * @throws Failure if the kernel refuses
     */
    Backend open(CompletionSink sink) throws Failure;

    /**
     * Opens a socket, not connected.
     *
     * @param family of the addresses to come: INET, INET6 or UNIX; null for the system's preference
     * @param type what it carries
     * @return its descriptor
     * @throws Failure if the kernel refuses
     * @throws UnsupportedOperationException if this backend has no such sockets
     */
    Descriptor openSocket(@Nullable ProtocolFamily family, SocketType type) throws Failure;

    /**
     * Opens a listener for stream sockets, not bound.
     *
     * @param family of the addresses to come: INET, INET6 or UNIX; null for the system's preference
     * @return its descriptor
     * @throws Failure if the kernel refuses
     */
    Descriptor openListener(@Nullable ProtocolFamily family) throws Failure;

    /**
     * Opens a pipe. RECEIVE and POLL_READABLE work on its source, SEND and POLL_WRITABLE on its sink; when one end is closed,
     * the other has the end of the stream, or EPIPE and no signal.
     *
     * @return its ends
     * @throws Failure if the kernel refuses
     */
    PipeEnds openPipe() throws Failure;

    /**
     * Returns a name by which this process can open the same end of a pipe once more, with a mode of its own: blocking, that is. It
     * holds as long as {@code end} is open.
     *
     * @param end of a pipe that was opened here
     * @return its name, or null where there is none
     */
    default @Nullable Path reopening(Descriptor end) {
        return null;
    }

    /**
     * Opens two Unix stream sockets that are connected with each other.
     *
     * @return both
     * @throws Failure if the kernel refuses
     * @throws UnsupportedOperationException if there are no Unix sockets
     */
    default SocketPair openPair() throws Failure {
        throw new UnsupportedOperationException("a pair of sockets: not on the backend " + name());
    }

    /**
     * Takes a descriptor that somebody else has opened: a C library's socket, say. Only POLL_READABLE and POLL_WRITABLE work on
     * it, and READ and WRITE at -1 (which wait, in a {@link BlockingCalls blocking call}, if the file's mode says so). It is
     * never made non-blocking, and {@link Descriptor#close} forgets it, leaving it open.
     *
     * <p>Its owner may close it as soon as {@link Backend#cancel} has returned for the polls on it, and the number may then belong
     * to another file and be adopted anew, even before those polls have completed: so cancel takes it out of whatever set of
     * the kernel's it is in, and nothing is done with the number after that.
     *
     * @param number the kernel's number of it
     * @return its descriptor
     * @throws Failure if it is not open (EBADF)
     * @throws UnsupportedOperationException if this backend cannot work on numbers
     */
    Descriptor adopt(int number) throws Failure;

    /**
     * Returns standard input (0), output (1) or error output (2). READ and WRITE at -1 work on it, never on a loop's thread, and
     * a READ can be canceled while nothing has come. {@link Descriptor#close} leaves it open.
     *
     * @param number which
     * @return its descriptor, the same or a new one
     * @throws Failure if it is not open (EBADF)
     */
    Descriptor standard(int number) throws Failure;

    /**
     * Opens a directory. May wait, as its calls may.
     *
     * @param path of it
     * @param confined whether no name may lead out of it
     * @return calls on it, which open descriptors of this provider
     * @throws IOException what the system says
     * @throws UnsupportedOperationException if it cannot be confined
     */
    DirCalls<Descriptor> openDirectory(Path path, boolean confined) throws IOException;

    /**
     * Returns what performs the file operations that {@link Backend#supports} denies.
     *
     * @return the calls, for all loops
     */
    BlockingCalls blockingCalls();

    /**
     * Returns the clocks, as far as this kind can tell them; by default as far as the JDK can.
     *
     * @return clocks for all threads
     */
    default Clock clock() {
        return Clock.SYSTEM;
    }

    /**
     * Returns what can be found out about terminals; by default as far as the JDK can.
     *
     * @return for all threads
     */
    default Terminals terminals() {
        return Terminals.OF_JDK;
    }

    /**
     * Returns what neither the backends nor the blocking calls can do.
     *
     * @return a set that never changes
     */
    default Set<Limit> limits() {
        return Set.of();
    }

    /**
     * Refuses an operation that would need one of the {@link #limits}. Called before it is submitted, on any thread.
     *
     * @param operation with its inputs set
     * @throws UnsupportedOperationException if so, naming what could
     */
    default void requireSupported(Operation operation) {
        Limit.check(operation, limits(), name());
    }
}
