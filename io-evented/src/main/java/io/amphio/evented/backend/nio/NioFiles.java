package io.amphio.evented.backend.nio;

import io.amphio.evented.backend.BlockingCalls;
import io.amphio.evented.backend.Descriptor;
import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.Names;
import io.amphio.evented.backend.OpenFlags;
import io.amphio.evented.backend.Operation;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** The file operations as the JDK has them, answering as a POSIX system does where the JDK has views of its own. */
final class NioFiles implements BlockingCalls {
    private static final FileChannel[] OUTPUTS = {
        new FileOutputStream(FileDescriptor.out).getChannel(), new FileOutputStream(FileDescriptor.err).getChannel()
    };

    private static final long ZEROS_BYTES = 64 * 1024;

    NioFiles() {}

    @Override
    public void perform(Operation operation) {
        try {
            if (operation.hasNames()) {
                byName(operation, operation.names());
            } else {
                onDescriptor(operation, operation.descriptor());
            }
        } catch (NonReadableChannelException | NonWritableChannelException e) {
            operation.failed(notOpenForThat(operation, e));
        } catch (IOException | RuntimeException e) {
            operation.failed(NioErrors.failure(e));
        }
    }

    @Override
    public void cancel(Operation operation) {
        if (operation.kind() == Operation.Kind.READ && operation.descriptor() instanceof NioStandard) {
            StandardInput.ofProcess().cancel(operation);
        }
    }

    /** The JDK says so in one way; POSIX in two. */
    private static Failure notOpenForThat(Operation operation, RuntimeException cause) {
        return operation.kind() == Operation.Kind.TRUNCATE
                ? new Failure("invalid argument: the file is not open for writing", "EINVAL", cause)
                : new Failure("bad file descriptor: the file is not open for that", "EBADF", cause);
    }

    // ---- by name

    private static void byName(Operation operation, Names names) throws IOException {
        Path path = resolve(names.directory(), names.name());
        switch (operation.kind()) {
            case OPEN -> operation.opened(NioOpening.open(operation, path));
            case STAT -> operation.told(NioStatus.ofName(path, operation.has(OpenFlags.NO_FOLLOW)));
            case UNLINK -> {
                unlink(path, operation.has(OpenFlags.DIRECTORY));
                operation.done(0);
            }
            case MAKE_DIRECTORY -> {
                Files.createDirectory(path, NioOpening.attributes(operation, true));
                operation.done(0);
            }
            case RENAME -> {
                Files.move(path, other(names), StandardCopyOption.ATOMIC_MOVE);
                operation.done(0);
            }
            case LINK -> {
                Files.createLink(other(names), path);
                operation.done(0);
            }
            case SYMLINK -> {
                Files.createSymbolicLink(other(names), Path.of(names.name()));
                operation.done(0);
            }
            default -> throw new AssertionError(operation.kind() + " by name");
        }
    }

    private static Path other(Names names) throws Failure {
        return resolve(names.otherDirectory(), names.other());
    }

    private static Path resolve(@Nullable Descriptor directory, String name) throws Failure {
        if (name.isEmpty()) {
            throw new Failure("no such file or directory: the name is empty", "ENOENT", null);
        }
        try {
            if (directory == null) {
                return Path.of(name);
            }
            if (directory instanceof NioDirectory(Path path)) {
                return path.resolve(name);
            }
        } catch (InvalidPathException e) {
            throw new Failure("not a name: " + e.getReason(), "EINVAL", e);
        }
        throw new Failure("names are not relative to a file", "ENOTDIR", null);
    }

    /** The JDK deletes whatever has the name; a stream of its directory knows the difference, where the system does. */
    private static void unlink(Path path, boolean directory) throws IOException {
        Path absolute = path.toAbsolutePath();
        Path parent = absolute.getParent();
        Path name = absolute.getFileName();
        if (parent == null || name == null) {
            throw new Failure("the root cannot be deleted", directory ? "EBUSY" : "EISDIR", null);
        }
        try (DirectoryStream<Path> siblings = Files.newDirectoryStream(parent)) {
            if (siblings instanceof SecureDirectoryStream<Path> secure) {
                if (directory) {
                    secure.deleteDirectory(name);
                } else {
                    secure.deleteFile(name);
                }
                return;
            }
        }
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) != directory) {
            throw directory
                    ? new Failure("not a directory", "ENOTDIR", null)
                    : new Failure("is a directory", "EISDIR", null);
        }
        Files.delete(path);
    }

    // ---- on what is open

    private static void onDescriptor(Operation operation, Descriptor descriptor) throws IOException {
        switch (descriptor) {
            case NioFile file -> onFile(operation, file);
            case NioDirectory directory -> onDirectory(operation, directory);
            case NioStandard standard -> onStandard(operation, standard.number());
            default -> throw new AssertionError(operation.kind() + " on " + descriptor);
        }
    }

    private static void onFile(Operation operation, NioFile file) throws IOException {
        FileChannel channel = file.channel();
        switch (operation.kind()) {
            case READ -> operation.done(read(channel, operation.buffers(), operation.offset()));
            case WRITE -> operation.done(write(channel, operation.buffers(), operation.offset()));
            case COPY -> operation.done(copy(channel, operation));
            case STAT -> operation.told(NioStatus.ofFile(file));
            case SYNC, DATA_SYNC -> {
                channel.force(operation.kind() == Operation.Kind.SYNC);
                operation.done(0);
            }
            case TRUNCATE -> {
                resize(channel, operation.length());
                operation.done(0);
            }
            default -> throw new AssertionError(operation.kind() + " on a file");
        }
    }

    private static long read(FileChannel channel, ByteBuffer[] buffers, long offset) throws IOException {
        if (offset < 0) {
            return channel.read(buffers);
        }
        long total = 0;
        for (ByteBuffer buffer : buffers) {
            int wanted = buffer.remaining();
            int count = wanted == 0 ? 0 : channel.read(buffer, offset + total);
            if (count < 0) {
                return total == 0 ? Descriptor.END_OF_STREAM : total;
            }
            total += count;
            if (count < wanted) {
                break;
            }
        }
        return total;
    }

    private static long write(FileChannel channel, ByteBuffer[] buffers, long offset) throws IOException {
        if (offset < 0) {
            return channel.write(buffers);
        }
        long total = 0;
        for (ByteBuffer buffer : buffers) {
            int wanted = buffer.remaining();
            int count;
            try {
                count = wanted == 0 ? 0 : channel.write(buffer, offset + total);
            } catch (IOException e) {
                if (total > 0) {
                    return total; // the next write will say it
                }
                throw e;
            }
            total += count;
            if (count < wanted) {
                break;
            }
        }
        return total;
    }

    /** The JDK cuts off only; and moves the position with the end, as POSIX does not. */
    private static void resize(FileChannel channel, long size) throws IOException {
        long position = channel.position();
        channel.truncate(size);
        if (channel.size() < size) {
            channel.write(ByteBuffer.allocate(1), size - 1); // the system fills up the hole
        }
        while (channel.size() < size) { // it was opened to append, so that byte went to its end
            channel.write(ByteBuffer.allocate((int) Math.min(ZEROS_BYTES, size - channel.size())));
        }
        if (channel.position() != position) {
            channel.position(position);
        }
    }

    private static long copy(FileChannel channel, Operation operation) throws IOException {
        if (!(operation.target() instanceof NioDescriptor target
                && target.channel() instanceof WritableByteChannel writable)) {
            throw new AssertionError("copy to " + operation.target());
        }
        long count = channel.transferTo(operation.offset(), operation.length(), writable);
        if (count > 0 || operation.length() == 0) {
            return count;
        }
        return operation.offset() >= channel.size() ? Descriptor.END_OF_STREAM : Descriptor.WOULD_BLOCK;
    }

    private static void onDirectory(Operation operation, NioDirectory directory) throws IOException {
        switch (operation.kind()) {
            case STAT -> operation.told(NioStatus.ofName(directory.path(), true));
            case SYNC, DATA_SYNC -> {
                try (FileChannel channel = FileChannel.open(directory.path(), StandardOpenOption.READ)) {
                    channel.force(true);
                }
                operation.done(0);
            }
            case READ -> throw new Failure("is a directory", "EISDIR", null);
            case TRUNCATE -> throw new Failure("invalid argument: it is a directory", "EINVAL", null);
            default -> throw new Failure("bad file descriptor: it is a directory", "EBADF", null);
        }
    }

    private static void onStandard(Operation operation, int number) throws IOException {
        boolean input = number == 0;
        if (operation.kind() == Operation.Kind.READ && input) {
            StandardInput.ofProcess().read(operation);
        } else if (operation.kind() == Operation.Kind.WRITE && !input) {
            operation.done(OUTPUTS[number - 1].write(operation.buffers()));
        } else {
            throw new Failure("bad file descriptor: a standard stream is not open for that", "EBADF", null);
        }
    }
}
