package io.amphio.evented.loop;

import io.amphio.evented.backend.FileStatus;
import io.amphio.evented.backend.OpenFlags;
import io.amphio.evented.backend.Operation;
import java.io.IOException;
import java.util.Objects;
import java.util.function.Consumer;

/** Asks what a file is: its type, its size, its times. */
public final class FileStat extends FileOperation {
    private final Consumer<? super FileStat> callback;

    /**
     * Creates a question about an open file, not submitted.
     *
     * @param file which
     * @param callback told when it has ended
     */
    public FileStat(LoopFile file, Consumer<? super FileStat> callback) {
        super(Operation.Kind.STAT, file);
        this.callback = Objects.requireNonNull(callback, "callback");
    }

    /**
     * Creates a question about a name, not submitted.
     *
     * @param name which
     * @param follow whether a symbolic link stands for what it names, or for itself
     * @param callback told when it has ended
     */
    public FileStat(FileName name, boolean follow, Consumer<? super FileStat> callback) {
        super(Operation.Kind.STAT, name);
        this.callback = Objects.requireNonNull(callback, "callback");
        operation.setFlags(follow ? 0 : OpenFlags.NO_FOLLOW, 0);
    }

    /**
     * Returns what it is.
     *
     * @return what the system told
     * @throws IOException if it failed
     */
    public FileInfo info() throws IOException {
        check();
        FileStatus status = operation.status();
        if (status == null) {
            throw new IllegalStateException(this + ": it has not ended");
        }
        return FileInfo.of(status);
    }

    @Override
    String verb() {
        return "status of";
    }

    @Override
    void callBack() {
        callback.accept(this);
    }
}
