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
    private final long messages; // -1 of what has none

    private Transferred(String what, long bytes, long messages) {
        super(what, null, false, false);
        this.bytes = bytes;
        this.messages = messages;
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
        failure.addSuppressed(new Transferred(
                operation + " stopped after " + bytes + (wanted < 0 ? "" : " of " + wanted) + " bytes", bytes, -1));
    }

    /**
     * Notes on {@code failure} how many messages {@code operation} sent before it; for implementers.
     *
     * @param failure what ended the operation
     * @param operation its name
     * @param messages how many were sent, each whole
     * @param wanted how many it was to send
     * @param bytes how many bytes those had that were sent
     */
    public static void noteMessagesOn(Throwable failure, String operation, long messages, long wanted, long bytes) {
        failure.addSuppressed(new Transferred(
                operation + " stopped after " + messages + " of " + wanted + " messages, " + bytes + " bytes",
                bytes,
                messages));
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

    /**
     * Returns how many messages the operation that {@code failure} ended had sent, each whole, or -1 if the failure does not say:
     * then it was none that sends several.
     */
    public static long messages(Throwable failure) {
        for (Throwable current = failure; current != null; current = current.getCause()) {
            Transferred note = on(current);
            if (note != null) {
                return note.messages;
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
