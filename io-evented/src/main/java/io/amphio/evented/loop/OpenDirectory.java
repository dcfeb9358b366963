package io.amphio.evented.loop;

import io.amphio.evented.backend.Descriptor;
import io.amphio.evented.backend.OpenFlags;
import io.amphio.evented.backend.Operation;
import java.io.IOException;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Opens a directory, for names to be relative to. */
public final class OpenDirectory extends FileOperation {
    private final FileName name;
    private final Consumer<? super OpenDirectory> callback;
    private @Nullable EventLoop loop; // the loop's thread
    private @Nullable LoopDirectory
            directory; // whoever the result belongs to; made once, since a handle is an identity

    /**
     * Creates an open, not submitted.
     *
     * @param name of the directory
     * @param callback told when it has ended
     */
    public OpenDirectory(FileName name, Consumer<? super OpenDirectory> callback) {
        super(Operation.Kind.OPEN, name);
        this.name = name;
        this.callback = Objects.requireNonNull(callback, "callback");
        operation.setFlags(OpenFlags.READ | OpenFlags.DIRECTORY, 0);
    }

    @Override
    void begin(EventLoop on) {
        loop = on;
        directory = null;
        super.begin(on);
    }

    /**
     * Hands over the directory, which is the caller's to close.
     *
     * @return the directory of the last submission
     * @throws IOException if that failed
     */
    public LoopDirectory directory() throws IOException {
        check();
        Descriptor opened = operation.opened();
        if (opened == null || loop == null) {
            throw new IllegalStateException(this + ": it has not ended");
        }
        if (directory == null) {
            directory = new LoopDirectory(loop.provider(), opened, name.toString());
        }
        return directory;
    }

    @Override
    void callBack() {
        callback.accept(this);
    }
}
