package io.amphio.evented.backend.uring;

import static io.amphio.evented.ffi.UringLayout.PROBE_COUNT;
import static io.amphio.evented.ffi.UringLayout.PROBE_OPCODES;
import static io.amphio.evented.ffi.UringLayout.PROBE_OPCODE_BYTES;
import static io.amphio.evented.ffi.UringLayout.PROBE_OPCODE_FLAGS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.amphio.evented.ffi.UringCalls;
import io.amphio.evented.ffi.UringRefusal;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;

/**
 * What this kernel's io_uring can do: found out once, by setting up a small ring and asking it.
 *
 * @param opcodes those that it knows
 */
record UringKernel(BitSet opcodes) {
    private static final int MOST_OPCODES = 255;
    private static final int SUPPORTED = 1;

    /** Asks the kernel. */
    static UringKernel probe() throws UringRefusal {
        Ring ring = Ring.open(RingOptions.ofSystem().smallest());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment probe = arena.allocate(PROBE_OPCODES + (long) MOST_OPCODES * PROBE_OPCODE_BYTES, Long.BYTES);
            int result = UringCalls.register(ring.fd(), UringCalls.REGISTER_PROBE, probe.address(), MOST_OPCODES);
            if (result < 0) {
                throw new UringRefusal("io_uring_register to probe opcodes", -result);
            }
            ring.enable();
            result = UringCalls.enter(ring.fd(), 0, 0, UringCalls.ENTER_GETEVENTS, 0, 0);
            if (result < 0) { // each of the three calls can be forbidden by itself
                throw new UringRefusal("io_uring_enter", -result);
            }
            return new UringKernel(read(probe));
        } finally {
            ring.close();
        }
    }

    private static BitSet read(MemorySegment probe) {
        BitSet known = new BitSet();
        int count = Byte.toUnsignedInt(probe.get(JAVA_BYTE, PROBE_COUNT));
        for (int opcode = 0; opcode < count; opcode++) {
            long place = PROBE_OPCODES + (long) opcode * PROBE_OPCODE_BYTES;
            known.set(opcode, (probe.get(JAVA_SHORT, place + PROBE_OPCODE_FLAGS) & SUPPORTED) != 0);
        }
        return known;
    }

    boolean knows(int opcode) {
        return opcodes.get(opcode);
    }
}
