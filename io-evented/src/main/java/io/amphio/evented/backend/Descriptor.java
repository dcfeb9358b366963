package io.amphio.evented.backend;

import io.amphio.spi.files.FileCalls;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel knows a socket, a pipe or a file by, and the calls on it that never wait.
 *
 * <p>A socket or pipe of ours is always in non-blocking mode; what we did not open keeps its mode. It may be in use by
 * operations of several backends of its provider. A call that makes no sense on it (to accept on a pipe) is a mistake of
 * the loop, which asks for none: an {@link AssertionError}, as the default of each method says.
 *
 * <p><b>Threads:</b> any thread; who receives or sends sees to it that nobody else does at the same time. After
 * {@link #close} every method fails and none touches a kernel object that has meanwhile taken the same number.
 */
public interface Descriptor {
    /** What a {@code try} method returns where the operation would have had to wait. */
    int WOULD_BLOCK = -2;

    /** What {@link #tryReceive} returns when the peer has finished sending. */
    int END_OF_STREAM = -1;

    /**
     * Takes a local address; a listener begins to listen. A Unix address is a new file, which whoever made it deletes.
     *
     * @param address where; a port of 0 lets the kernel choose
     * @param backlog how many connections may wait to be accepted, for a listener; 0 for the system's default
     * @throws Failure if the kernel refuses
     */
    default void bind(SocketAddress address, int backlog) throws Failure {
        throw new AssertionError("bind " + this);
    }

    /**
     * Returns the local address.
     *
     * @return the address, or null while there is none
     * @throws Failure if the descriptor is closed
     */
    default @Nullable SocketAddress localAddress() throws Failure {
        return null;
    }

    /**
     * Returns the peer's address.
     *
     * @return the address, or null while there is none
     * @throws Failure if the descriptor is closed
     */
    default @Nullable SocketAddress remoteAddress() throws Failure {
        return null;
    }

    /**
     * Sets a socket option.
     *
     * @param <T> its type
     * @param option which
     * @param value what to
     * @throws Failure if the kernel refuses
     * @throws UnsupportedOperationException if this descriptor has no such option
     */
    default <T> void setOption(SocketOption<T> option, T value) throws Failure {
        throw new UnsupportedOperationException("set " + option.name() + " of " + this + ": it is not a socket");
    }

    /**
     * Returns a socket option.
     *
     * @param <T> its type
     * @param option which
     * @return its value
     * @throws Failure if the kernel refuses
     * @throws UnsupportedOperationException if this descriptor has no such option
     */
    default <T> @Nullable T getOption(SocketOption<T> option) throws Failure {
        throw new UnsupportedOperationException("get " + option.name() + " of " + this + ": it is not a socket");
    }

    /**
     * Returns whether a {@code try} call in one direction is not worth it: the last one has left nothing to receive, or no room to
     * send, and no loop has heard of any since. Whoever waits for readiness then misses nothing.
     *
     * @param reading which direction
     * @return false also where it cannot be known
     */
    default boolean isDry(boolean reading) {
        return false;
    }

    /**
     * Receives what is there.
     *
     * @param buffers filled in order; their positions move
     * @return how many bytes, {@link #END_OF_STREAM} or {@link #WOULD_BLOCK}
     * @throws Failure if the connection is broken
     */
    default long tryReceive(ByteBuffer[] buffers) throws Failure {
        throw new AssertionError("receive from " + this);
    }

    /**
     * Sends what the kernel takes.
     *
     * @param buffers emptied in order; their positions move
     * @return how many bytes, or {@link #WOULD_BLOCK}
     * @throws Failure if the connection is broken
     */
    default long trySend(ByteBuffer[] buffers) throws Failure {
        throw new AssertionError("send to " + this);
    }

    /**
     * Receives a datagram if one is there, as {@link Operation.Kind#RECEIVE_FROM} does.
     *
     * @param buffers filled in order; their positions move
     * @return what came, or null where it would have had to wait
     * @throws Failure what the kernel said: also that an earlier datagram was refused
     */
    default @Nullable Datagram tryReceiveFrom(ByteBuffer[] buffers) throws Failure {
        throw new AssertionError("receive a datagram from " + this);
    }

    /**
     * Sends a datagram if the kernel takes it, as {@link Operation.Kind#SEND_TO} does.
     *
     * @param buffers emptied in order; their positions move
     * @param address of the peer; null for the one that the socket is connected to
     * @return how many bytes, or {@link #WOULD_BLOCK}
     * @throws Failure what the kernel said: EMSGSIZE for one that is too long
     */
    default long trySendTo(ByteBuffer[] buffers, @Nullable SocketAddress address) throws Failure {
        throw new AssertionError("send a datagram to " + this);
    }

    /** A membership in a multicast group. */
    @FunctionalInterface
    interface Membership {
        /**
         * Ends it.
         *
         * @throws Failure what the kernel said
         */
        void leave() throws Failure;
    }

    /**
     * Joins a multicast group.
     *
     * @param group its address
     * @param on the interface to hear it on
     * @param source whose datagrams alone to receive; null for those of all
     * @return how to leave it
     * @throws Failure if the kernel refuses
     * @throws UnsupportedOperationException if there is no multicast here
     */
    default Membership join(InetAddress group, NetworkInterface on, @Nullable InetAddress source) throws Failure {
        throw new UnsupportedOperationException("join " + group.getHostAddress() + ": there is no multicast here");
    }

    /**
     * Takes a connection that waits.
     *
     * @return its descriptor, or null if none waits
     * @throws Failure if there is one and the kernel cannot hand it over: no descriptor is left, say
     */
    default @Nullable Descriptor tryAccept() throws Failure {
        throw new AssertionError("accept on " + this);
    }

    /**
     * Ends one direction of a connection, or both.
     *
     * @param input whether to receive nothing more
     * @param output whether to send nothing more; the peer then reads to the end
     * @throws Failure if it is not connected
     */
    default void shutdown(boolean input, boolean output) throws Failure {
        throw new AssertionError("shutdown of " + this);
    }

    /**
     * Returns the calls on a file besides reading and writing, which may wait.
     *
     * @return the calls
     * @throws UnsupportedOperationException if it is no file of ours
     */
    default FileCalls fileCalls() {
        throw new UnsupportedOperationException("calls on " + this + ": it is not a file that we have opened");
    }

    /**
     * Gives it back to the kernel. No operation may be in flight on it. Closing it again does nothing. Of a file, it may wait:
     * the loop calls it on its worker pool.
     *
     * @throws Failure what the kernel said; it is closed nevertheless
     */
    void close() throws Failure;
}
