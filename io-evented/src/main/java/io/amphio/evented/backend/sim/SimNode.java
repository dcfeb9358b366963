package io.amphio.evented.backend.sim;

import io.amphio.evented.backend.FileStatus;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a name in a simulated file system stands for. It lives on while it is open, also when no name is left.
 *
 * <p><b>Threads:</b> one at a time, that of the simulation.
 */
abstract sealed class SimNode {
    private static final long BLOCK_BYTES = 4_096;

    final long inode;
    int mode;
    long links;
    int userId;
    int groupId;
    long accessedNanos;
    long modifiedNanos;
    long changedNanos;

    private SimNode(long inode, int mode, long nowNanos) {
        this.inode = inode;
        this.mode = mode;
        this.accessedNanos = nowNanos;
        this.modifiedNanos = nowNanos;
        this.changedNanos = nowNanos;
    }

    abstract FileStatus.Type type();

    long size() {
        return 0;
    }

    final FileStatus status() {
        return new FileStatus(
                type(), size(), mode, 1, inode, links, userId, groupId, accessedNanos, modifiedNanos, changedNanos);
    }

    final void modified(long nowNanos) {
        modifiedNanos = nowNanos;
        changedNanos = nowNanos;
    }

    /** It holds bytes. */
    static final class Regular extends SimNode {
        private byte[] content = {};
        private int size;

        Regular(long inode, int mode, long nowNanos) {
            super(inode, mode, nowNanos);
        }

        @Override
        FileStatus.Type type() {
            return FileStatus.Type.REGULAR;
        }

        @Override
        long size() {
            return size;
        }

        /** Copies up to {@code most} bytes from {@code offset}; fewer than 0 of them at the end. */
        long read(ByteBuffer[] buffers, long offset, int most) {
            if (offset >= size) {
                return -1;
            }
            int end = (int) Math.min(size, offset + most);
            return SimDescriptor.scatter(ByteBuffer.wrap(content, (int) offset, end - (int) offset), buffers);
        }

        void write(ByteBuffer bytes, long offset) {
            int end = Math.toIntExact(offset + bytes.remaining());
            if (end > size) {
                resize(end);
            }
            bytes.get(content, (int) offset, bytes.remaining());
        }

        void resize(long newSize) {
            int wanted = Math.toIntExact(newSize);
            if (wanted > content.length) {
                content = Arrays.copyOf(content, Math.max(wanted, 2 * content.length));
            }
            if (wanted < size) {
                Arrays.fill(content, wanted, size, (byte) 0); // what comes back later reads as zeros
            }
            size = wanted;
        }
    }

    /** It holds names. */
    static final class Directory extends SimNode {
        final Map<String, SimNode> entries = new TreeMap<>();
        Directory parent = this;

        Directory(long inode, int mode, long nowNanos) {
            super(inode, mode, nowNanos);
        }

        @Override
        FileStatus.Type type() {
            return FileStatus.Type.DIRECTORY;
        }

        @Override
        long size() {
            return BLOCK_BYTES;
        }
    }

    /** It holds another name. */
    static final class Link extends SimNode {
        final String target;

        Link(long inode, String target, long nowNanos) {
            super(inode, 0777, nowNanos);
            this.target = target;
        }

        @Override
        FileStatus.Type type() {
            return FileStatus.Type.SYMBOLIC_LINK;
        }

        @Override
        long size() {
            return target.length();
        }
    }

    /** The name of a Unix socket. */
    static final class Socket extends SimNode {
        Socket(long inode, long nowNanos) {
            super(inode, 0777, nowNanos);
        }

        @Override
        FileStatus.Type type() {
            return FileStatus.Type.OTHER;
        }
    }
}
