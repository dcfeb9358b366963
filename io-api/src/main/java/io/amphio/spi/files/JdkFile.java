package io.amphio.spi.files;

import io.amphio.fs.FileKey;
import io.amphio.fs.FileKind;
import io.amphio.fs.FileStat;
import io.amphio.fs.LockMode;
import io.amphio.fs.OpenOptions;
import io.amphio.spi.ErrnoException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file that the JDK has opened. The JDK tells and changes what is told of files by name only: so what is asked is whether the name
 * that it was opened by still stands for it.
 */
public final class JdkFile implements FileCalls {
    private static final long ZEROS_BYTES = 64 * 1024;

    private final FileChannel channel;
    private final Path path; // absolute
    private final @Nullable FileKey key;
    private boolean locked; // who locks and unlocks, one after the other

    private JdkFile(FileChannel channel, Path path, @Nullable FileKey key) {
        this.channel = channel;
        this.path = path;
        this.key = key;
    }

    /**
     * Takes over a channel.
     *
     * @param channel just opened
     * @param path of what
     * @throws IOException if the system does not tell what that is; then the channel is closed
     */
    public static JdkFile of(FileChannel channel, Path path) throws IOException {
        try {
            return new JdkFile(
                    channel, path.toAbsolutePath(), JdkStat.of(path, true).key());
        } catch (NoSuchFileException deletedMeanwhile) {
            return new JdkFile(channel, path.toAbsolutePath(), null);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Cuts off what is opened to append, for which the JDK has no option; if the system refuses that, it is closed. */
    void truncateFor(OpenOptions options) throws IOException {
        if (options.isAppending() && options.isTruncating()) {
            try {
                channel.truncate(0);
            } catch (IOException | RuntimeException e) {
                close();
                throw e;
            }
        }
    }

    /** Returns the channel. */
    public FileChannel channel() {
        return channel;
    }

    @Override
    public long position() throws IOException {
        return channel.position();
    }

    @Override
    public void seek(long position) throws IOException {
        channel.position(position);
    }

    /**
     * Cuts it off, or fills it up with zeros. The JDK does the first only; and moves the position with the end, as POSIX does not.
     *
     * @param sizeBytes 0 or more
     * @throws IOException if the system refuses
     */
    public void setLength(long sizeBytes) throws IOException {
        long position = channel.position();
        try {
            channel.truncate(sizeBytes);
        } catch (NonWritableChannelException e) { // for which POSIX has another number than for a write
            throw new ErrnoException("invalid argument: the file is not open for writing", "EINVAL", e);
        }
        if (channel.size() < sizeBytes) {
            channel.write(ByteBuffer.allocate(1), sizeBytes - 1); // the system fills up the hole
        }
        while (channel.size() < sizeBytes) { // it was opened to append, so that byte went to its end
            channel.write(ByteBuffer.allocate((int) Math.min(ZEROS_BYTES, sizeBytes - channel.size())));
        }
        if (channel.position() != position) {
            channel.position(position);
        }
    }

    private boolean hasItsName() throws IOException {
        requireOpen();
        try {
            return key != null && key.equals(JdkStat.of(path, true).key());
        } catch (NoSuchFileException deleted) {
            return false;
        }
    }

    private void requireOpen() throws IOException {
        if (!channel.isOpen()) {
            throw new ErrnoException("the file is closed", "EBADF");
        }
    }

    private Path name() throws IOException {
        if (!hasItsName()) {
            throw new ErrnoException(
                    "it was renamed or deleted since it was opened, and the JDK finds it by name only", "ENOENT");
        }
        return path;
    }

    @Override
    public FileStat stat() throws IOException {
        if (hasItsName()) {
            return JdkStat.of(path, true);
        }
        return new FileStat(FileKind.REGULAR, channel.size(), -1, key, -1, -1, -1, null, null, null, null);
    }

    @Override
    public void change(AttributeChange change) throws IOException {
        change.apply(name());
    }

    @Override
    public Path realPath() throws IOException {
        return name().toRealPath();
    }

    @Override
    public void link(DirCalls<?> to, String newName) throws IOException {
        JdkDir.of("link", to).linkFrom(name(), newName);
    }

    @Override
    public MemorySegment map(FileChannel.MapMode mode, long position, long sizeBytes, Arena arena) throws IOException {
        return channel.map(mode, position, sizeBytes, arena);
    }

    @Override
    public Object lockKey() throws IOException {
        requireOpen();
        if (key == null) {
            throw new UnsupportedOperationException("lock " + path + ": the system does not tell which file it is");
        }
        return key;
    }

    @Override
    public boolean lock(LockMode mode) throws IOException {
        if (locked) {
            ProcessLocks.downgrade(lockKey(), channel);
            return true;
        }
        locked = ProcessLocks.acquire(lockKey(), channel, mode);
        return locked;
    }

    @Override
    public void unlock() throws IOException {
        if (locked) {
            locked = false;
            ProcessLocks.release(lockKeyOfClosed());
        }
    }

    private Object lockKeyOfClosed() {
        if (key == null) {
            throw new AssertionError("locked, and without a key: " + path);
        }
        return key;
    }

    /**
     * Closes the channel, or puts that off as {@link ProcessLocks} says.
     *
     * @throws IOException what the system says
     */
    public void close() throws IOException {
        if (key == null) {
            channel.close();
        } else {
            ProcessLocks.close(key, channel::close);
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
