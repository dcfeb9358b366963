package io.amphio.evented.backend;

import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel knows a socket by, and the calls on it that never wait.
 *
 * <p>It is always in non-blocking mode. It may be in use by operations of several backends of its provider.
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
     * Takes a local address; a listener begins to listen.
     *
     * @param address where; a port of 0 lets the kernel choose
     * @param backlog how many connections may wait to be accepted, for a listener; 0 for the system's default
     * @throws Failure if the kernel refuses
     */
    void bind(SocketAddress address, int backlog) throws Failure;

    /**
     * Returns the local address.
     *
     * @return the address, or null while there is none
     * @throws Failure if the descriptor is closed
     */
    @Nullable
    SocketAddress localAddress() throws Failure;

    /**
     * Returns the peer's address.
     *
     * @return the address, or null while there is none
     * @throws Failure if the descriptor is closed
     */
    @Nullable
    SocketAddress remoteAddress() throws Failure;

    /**
     * Sets a socket option.
     *
     * @param <T> its type
     * @param option which
     * @param value what to
     * @throws Failure if the kernel refuses
     * @throws UnsupportedOperationException if this descriptor has no such option
     */
    <T> void setOption(SocketOption<T> option, T value) throws Failure;

    /**
     * Returns a socket option.
     *
     * @param <T> its type
     * @param option which
     * @return its value
     * @throws Failure if the kernel refuses
     * @throws UnsupportedOperationException if this descriptor has no such option
     */
    <T> @Nullable T getOption(SocketOption<T> option) throws Failure;

    /**
     * Receives what is there.
     *
     * @param buffers filled in order; their positions move
     * @return how many bytes, {@link #END_OF_STREAM} or {@link #WOULD_BLOCK}
     * @throws Failure if the connection is broken
     */
    long tryReceive(ByteBuffer[] buffers) throws Failure;

    /**
     * Sends what the kernel takes.
     *
     * @param buffers emptied in order; their positions move
     * @return how many bytes, or {@link #WOULD_BLOCK}
     * @throws Failure if the connection is broken
     */
    long trySend(ByteBuffer[] buffers) throws Failure;

    /**
     * Takes a connection that waits.
     *
     * @return its descriptor, or null if none waits
     * @throws Failure if there is one and the kernel cannot hand it over: no descriptor is left, say
     */
    @Nullable
    Descriptor tryAccept() throws Failure;

    /**
     * Ends one direction of a connection, or both.
     *
     * @param input whether to receive nothing more
     * @param output whether to send nothing more; the peer then reads to the end
     * @throws Failure if it is not connected
     */
    void shutdown(boolean input, boolean output) throws Failure;

    /**
     * Gives it back to the kernel. No operation may be in flight on it.
     *
     * @throws Failure what the kernel said; it is closed nevertheless
     */
    void close() throws Failure;
}
