package io.amphio.evented.backend;

import java.net.ProtocolFamily;
import org.jspecify.annotations.Nullable;

/**
 * Opens backends of one kind, and the descriptors that they can work on.
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
     * Opens a backend.
     *
     * @param sink where its operations go when they have completed
     * @return the backend, for one event loop
     * @throws Failure if the kernel refuses
     */
    Backend open(CompletionSink sink) throws Failure;

    /**
     * Opens a TCP socket, not connected.
     *
     * @param family of the addresses to come; null for the system's preference
     * @return its descriptor
     * @throws Failure if the kernel refuses
     */
    Descriptor openSocket(@Nullable ProtocolFamily family) throws Failure;

    /**
     * Opens a TCP listener, not bound.
     *
     * @param family of the addresses to come; null for the system's preference
     * @return its descriptor
     * @throws Failure if the kernel refuses
     */
    Descriptor openListener(@Nullable ProtocolFamily family) throws Failure;
}
