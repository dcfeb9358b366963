package io.amphio.stream;

import org.jspecify.annotations.Nullable;

/**
 * How far a compound operation came before it failed: attached, as a suppressed exception, to whatever ended it.
 *
 * <p>The failure itself stays what it is, an {@link java.io.IOException}, {@link io.amphio.CanceledException} or
 * {@link io.amphio.TimedOutException}, so that nobody has to unwrap a cancel. {@link #bytes} reads the number back:
 *
 * <pre>{@code
 * try {
 *     writer.writeAll(io, payload);
 * } catch (IOException e) {
 *     log("lost the peer after " + Transferred.bytes(e) + " bytes");
 * }
 * }</pre>
 */
public final class Transferred extends Exception {
    private static final long serialVersionUID = 1;

    private final long bytes;

    private Transferred(String operation, long bytes, long wanted) {
        super(
                operation + " stopped after " + bytes + (wanted < 0 ? "" : " of " + wanted) + " bytes",
                null,
                false,
                false);
        this.bytes = bytes;
    }

    /**
     * Notes on {@code failure} how far {@code operation} came; for implementers.
     *
     * @param failure what ended the operation
     * @param operation its name
     * @param bytes how many bytes it transferred
     * @param wanted how many it was to transfer, or -1 if that was open
     */
    public static void noteOn(Throwable failure, String operation, long bytes, long wanted) {
        failure.addSuppressed(new Transferred(operation, bytes, wanted));
    }

    /**
     * Returns how many bytes the operation that {@code failure} ended had transferred, or -1 if the failure does not say: then
     * it ended a primitive operation, which transferred none.
     *
     * <p>Where several operations were nested, the outermost counts. Looks at the causes too.
     */
    public static long bytes(Throwable failure) {
        for (Throwable current = failure; current != null; current = current.getCause()) {
            Transferred note = on(current);
            if (note != null) {
                return note.bytes;
            }
        }
        return -1;
    }

    private static @Nullable Transferred on(Throwable failure) {
        Transferred last = null;
        for (Throwable suppressed : failure.getSuppressed()) {
            if (suppressed instanceof Transferred note) {
                last = note; // the outermost operation was the last to add its note
            }
        }
        return last;
    }
}
