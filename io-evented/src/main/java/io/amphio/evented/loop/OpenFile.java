package io.amphio.evented.loop;

import io.amphio.evented.backend.Descriptor;
import io.amphio.evented.backend.Operation;
import java.io.IOException;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Opens a file. */
public final class OpenFile extends FileOperation {
    private final FileName name;
    private final Consumer<? super OpenFile> callback;
    private @Nullable EventLoop loop; // the loop's thread
    private @Nullable LoopFile file; // whoever the result belongs to; made once, since a handle is an identity

    /**
     * Creates an open, not submitted.
     *
     * @param name of the file
     * @param options how
     * @param callback told when it has ended
     */
    public OpenFile(FileName name, FileOptions options, Consumer<? super OpenFile> callback) {
        super(Operation.Kind.OPEN, name);
        this.name = name;
        this.callback = Objects.requireNonNull(callback, "callback");
        operation.setFlags(options.flags(), options.mode());
    }

    @Override
    void begin(EventLoop on) {
        loop = on;
        file = null;
        super.begin(on);
    }

    /**
     * Hands over the file, which is the caller's to close.
     *
     * @return the file of the last submission
     * @throws IOException if that failed
     */
    public LoopFile file() throws IOException {
        check();
        Descriptor opened = operation.opened();
        if (opened == null || loop == null) {
            throw new IllegalStateException(this + ": it has not ended");
        }
        if (file == null) {
            file = new LoopFile(loop, opened, name.toString());
        }
        return file;
    }

    @Override
    void callBack() {
        callback.accept(this);
    }
}
