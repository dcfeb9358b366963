package io.amphio.evented.loop;

import io.amphio.evented.backend.BackendProvider;
import io.amphio.evented.backend.Descriptor;
import io.amphio.evented.backend.Failure;
import io.amphio.spi.files.FileCalls;
import java.io.IOException;

/**
 * An open file; {@link OpenFile} opens one. Any number of operations may be in flight on it, and they happen in any order.
 *
 * <p>Closing a file may wait for a device, so it is done on the pool of the loop that opened it, and by a thread that is there for
 * that if the others are busy.
 */
public final class LoopFile extends LoopHandle {
    private final String name;
    private final WorkPool pool;

    LoopFile(EventLoop loop, Descriptor descriptor, String name) {
        super(loop.provider(), descriptor, new Inside.Crowd());
        this.name = name;
        this.pool = loop.pool();
    }

    /**
     * Takes standard input. {@link ReadFile} at -1 works on it; while nothing has come it can be canceled, and loses nothing.
     *
     * @param loop the loop, or one of those with the same backend, that will work on it
     * @return the handle, which leaves it open when it is closed
     * @throws IOException if the process has none
     */
    public static LoopFile standardInput(EventLoop loop) throws IOException {
        return standard(loop, 0, "standard input");
    }

    /**
     * Takes standard output. {@link WriteFile} at -1 works on it.
     *
     * @param loop the loop, or one of those with the same backend, that will work on it
     * @return the handle, which leaves it open when it is closed
     * @throws IOException if the process has none
     */
    public static LoopFile standardOutput(EventLoop loop) throws IOException {
        return standard(loop, 1, "standard output");
    }

    /**
     * Takes standard error output. {@link WriteFile} at -1 works on it.
     *
     * @param loop the loop, or one of those with the same backend, that will work on it
     * @return the handle, which leaves it open when it is closed
     * @throws IOException if the process has none
     */
    public static LoopFile standardError(EventLoop loop) throws IOException {
        return standard(loop, 2, "standard error output");
    }

    /**
     * Takes over a file that was opened by calls on a directory.
     *
     * @param loop the loop, or one of those with the same backend, that will work on it
     * @param descriptor of its backend
     * @param name of it
     * @return the handle
     */
    @SuppressWarnings("exports") // the package of backends is not exported, and those who can see it are ours
    public static LoopFile adopt(EventLoop loop, Descriptor descriptor, String name) {
        return new LoopFile(loop, descriptor, name);
    }

    /**
     * Returns the calls on it besides reading and writing; they may wait.
     *
     * @return the calls
     * @throws UnsupportedOperationException for a standard stream
     */
    public FileCalls calls() {
        return descriptor().fileCalls();
    }

    private static LoopFile standard(EventLoop loop, int number, String name) throws IOException {
        BackendProvider provider = loop.provider();
        try {
            return new LoopFile(loop, provider.standard(number), name);
        } catch (Failure e) {
            throw OperationException.of("take", name, e);
        }
    }

    @Override
    void giveBack(Runnable closing) {
        try {
            pool.executeClose(closing);
        } catch (OutOfMemoryError noThread) {
            closing.run(); // a descriptor that stays open would be worse than a loop that may wait
        }
    }

    @Override
    String target() {
        return name;
    }
}
