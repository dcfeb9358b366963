package io.amphio.evented.loop;

import io.amphio.evented.backend.Operation;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An operation on a file, or on names of files; it takes no direction. */
abstract sealed class FileOperation extends BackendOperation
        permits OpenFile, OpenDirectory, ReadFile, WriteFile, FileStat, FileChange {
    private final @Nullable LoopHandle file; // also the directory of the first name
    private final @Nullable LoopHandle other; // the directory of the second name
    private final String target;

    FileOperation(Operation.Kind kind, LoopHandle file) {
        super(kind);
        this.file = file;
        this.other = null;
        this.target = file.target();
        operation.setDescriptor(file.descriptor());
    }

    FileOperation(Operation.Kind kind, FileName name) {
        super(kind);
        this.file = name.directory();
        this.other = null;
        this.target = name.toString();
        operation.setNames(name.alone());
    }

    FileOperation(Operation.Kind kind, FileName name, FileName second) {
        super(kind);
        this.file = name.directory();
        this.other = second.directory() == name.directory() ? null : second.directory();
        this.target = name + " to " + second;
        operation.setNames(name.with(second));
    }

    @Override
    final void reserve(EventLoop on) {
        on.provider().requireSupported(operation);
        checkWorksOn(on, file);
        checkWorksOn(on, other);
        if (file != null) {
            file.enter(this, false);
        }
        if (other != null) {
            other.enter(this, false);
        }
    }

    private static void checkWorksOn(EventLoop on, @Nullable LoopHandle handle) {
        if (handle != null) {
            handle.checkWorksOn(on);
        }
    }

    @Override
    final void release() {
        if (file != null) {
            file.leave(this, false);
        }
        if (other != null) {
            other.leave(this, false);
        }
    }

    @Override
    final void forEachHandle(Consumer<LoopHandle> visitor) {
        if (file != null) {
            visitor.accept(file);
        }
        if (other != null) {
            visitor.accept(other);
        }
    }

    @Override
    final String target() {
        return target;
    }
}
