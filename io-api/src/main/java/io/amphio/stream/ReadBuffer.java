package io.amphio.stream;

import io.amphio.Io;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;

/**
 * The bytes that a {@link Reader} has read and not yet handed out, those of {@code buffer} from {@code start} to {@code end}; and where
 * more of them come from.
 *
 * <p>It grows beyond the buffer it was given only on demand ({@link #reserve}), and returns to that one once it is empty, so
 * that one long line does not cost its memory for ever.
 */
final class ReadBuffer {
    private static final Readable END = (io, target) -> -1; // where those come from that are in memory already

    private final Readable source;
    private final ByteBuffer own;

    // Owned by the reading task. Position and limit of the buffer mean nothing between two calls.
    private ByteBuffer buffer;
    private int start;
    private int end;
    private long received; // from the source, those that are here included

    ReadBuffer(Readable source, ByteBuffer own) {
        this.source = source;
        this.own = own;
        this.buffer = own;
    }

    /** Returns a buffer on the heap for a reader or a writer. */
    static ByteBuffer allocate(int capacityBytes) {
        if (capacityBytes < 1) {
            throw new IllegalArgumentException("a capacity below 1: " + capacityBytes);
        }
        return ByteBuffer.allocate(capacityBytes);
    }

    /** Returns {@code buffer}, if a reader or a writer can make it its own. */
    static ByteBuffer requireUsable(ByteBuffer buffer) {
        if (buffer.isReadOnly() || buffer.capacity() == 0) {
            throw new IllegalArgumentException("this buffer must be writable and hold something: " + buffer);
        }
        return buffer;
    }

    /** Returns the capacity of the buffer it was given. */
    int ownCapacity() {
        return own.capacity();
    }

    /** Returns a buffer of what is in {@code bytes} already; nothing is ever added to it, so nothing in there changes. */
    static ReadBuffer of(ByteBuffer bytes) {
        ReadBuffer full = new ReadBuffer(END, bytes.duplicate());
        full.start = bytes.position();
        full.end = bytes.limit();
        full.received = full.size();
        return full;
    }

    int size() {
        return end - start;
    }

    byte at(int index) {
        return buffer.get(start + index);
    }

    /** Returns the index of {@code wanted}, not below {@code from}, or -1. */
    int indexOf(byte wanted, int from) {
        for (int i = start + from; i < end; i++) {
            if (buffer.get(i) == wanted) {
                return i - start;
            }
        }
        return -1;
    }

    /** Returns the index of {@code wanted} as a whole, not below {@code from}, or -1. */
    int indexOf(byte[] wanted, int from) {
        int found = indexOf(wanted[0], from);
        while (found >= 0 && found <= size() - wanted.length) {
            int same = 1;
            while (same < wanted.length && at(found + same) == wanted[same]) {
                same++;
            }
            if (same == wanted.length) {
                return found;
            }
            found = indexOf(wanted[0], found + 1);
        }
        return -1;
    }

    /** Returns the number in the first {@code bytes} bytes; they stay here. */
    long number(int bytes, ByteOrder order) {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            int next = order == ByteOrder.BIG_ENDIAN ? i : bytes - 1 - i;
            value = (value << 8) | (at(next) & 0xff);
        }
        return value;
    }

    /** Returns the first {@code count} bytes, as a view for reading. */
    ByteBuffer view(int count) {
        return buffer.slice(start, count).asReadOnlyBuffer();
    }

    /** Returns all bytes, as a view for reading. */
    ByteBuffer view() {
        return buffer.slice(start, size()).asReadOnlyBuffer();
    }

    /** Copies the first bytes, as many as {@code target} holds; they stay here. */
    void copyTo(byte[] target, int offset, int count) {
        buffer.get(start, target, offset, count);
    }

    /** Moves as many bytes to {@code target} as there are here and fit there; returns how many. */
    int moveTo(ByteBuffer target) {
        int count = Math.min(size(), target.remaining());
        target.put(target.position(), buffer, start, count);
        target.position(target.position() + count);
        drop(count);
        return count;
    }

    /** Writes some of the first {@code most} bytes; what was not written stays here. */
    int writeTo(Io io, Writable target, long most) throws IOException {
        ByteBuffer source = buffer.limit(start + (int) Math.min(most, size())).position(start);
        int before = start;
        try {
            target.write(io, source);
        } finally {
            source.limit(end); // all of it can be looked at again
            drop(source.position() - before); // also when it threw: what the position says is gone
        }
        return source.position() - before;
    }

    void drop(int count) {
        start += count;
        if (start == end) {
            start = 0;
            end = 0;
            buffer = own;
        }
    }

    /** Makes sure that {@code total} bytes, those that are here included, have room. */
    void reserve(int total) {
        boolean roomy =
                start == 0 || buffer.capacity() - end >= buffer.capacity() / 4; // or the next read would be tiny
        if (roomy && buffer.capacity() - start >= total) {
            return;
        }
        if (buffer.capacity() >= total) {
            buffer.limit(end).position(start).compact();
        } else {
            ByteBuffer larger = ByteBuffer.allocate(Math.max(total, (int) Math.min(2L * buffer.capacity(), 1 << 30)));
            larger.put(0, buffer, start, size());
            buffer = larger;
        }
        end -= start;
        start = 0;
    }

    // ---------------------------------------------------------------- more of them

    /** Returns where the bytes come from. */
    Readable source() {
        return source;
    }

    /** Returns how many bytes have come from the source. */
    long received() {
        return received;
    }

    /** Notes that bytes went past this buffer. */
    void passed(int count) {
        received += Math.max(count, 0);
    }

    /** Reads past this buffer, which is empty; -1 at the end. */
    int readPast(Io io, ByteBuffer target) throws IOException {
        int before = target.position();
        try {
            return source.read(io, target);
        } finally {
            received += target.position() - before;
        }
    }

    /** Makes sure that at least {@code count} bytes are here; false if the stream ends before. */
    boolean has(Io io, int count) throws IOException {
        while (size() < count) {
            if (!more(io, count)) {
                return false;
            }
        }
        return true;
    }

    /** Reads at least one more byte, where there is room for {@code total}; false if the stream has ended. */
    @SuppressWarnings("ReferenceEquality") // END is an identity
    boolean more(Io io, int total) throws IOException {
        if (source == END) {
            return false; // and what is there stays where it is: it is not ours to move
        }
        reserve(total);
        int before = end;
        ByteBuffer target = buffer.limit(buffer.capacity()).position(end);
        try {
            int count = source.read(io, target);
            if (count == 0) {
                throw new IllegalStateException("read: 0 bytes from " + source + ", though there was room for more");
            }
            return count >= 0;
        } finally {
            end = target.position(); // also when it threw: what the position says has been read
            received += end - before;
        }
    }

    /** Returns the first {@code count} bytes as text, which are taken, and drops those that follow them. */
    String takeText(int count, int alsoDropped, Charset charset) {
        String text = buffer.hasArray()
                ? new String(buffer.array(), buffer.arrayOffset() + start, count, charset)
                : charset.decode(view(count)).toString();
        drop(count + alsoDropped);
        return text;
    }

    /** Returns the first {@code count} bytes, which are taken, and drops those that follow them. */
    byte[] take(int count, int alsoDropped) {
        byte[] bytes = new byte[count];
        copyTo(bytes, 0, count);
        drop(count + alsoDropped);
        return bytes;
    }

    /** Takes over {@code bytes}, which have been read into another buffer, when it is itself empty. */
    void adopt(ByteBuffer bytes, int count) {
        if (count > 0) {
            buffer = bytes;
            start = 0;
            end = count;
        }
    }
}
