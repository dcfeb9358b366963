package io.amphio.evented.backend.uring;

import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.Names;
import io.amphio.evented.backend.fd.FdErrors;
import io.amphio.evented.ffi.FileNames;
import io.amphio.evented.ffi.UringRefusal;
import java.nio.ByteBuffer;

/**
 * Names, as the kernel wants them: bytes that end with a zero, in the memory of a slot, the second behind the first.
 *
 * <p>They stay there until the completion, as a request that a kernel thread performs reads them late.
 */
final class Paths {
    private static final int LONGEST_NAME_BYTES = 8192; // the kernel refuses less
    private static final int ENAMETOOLONG = 36;

    private Paths() {}

    /** Lends a slot memory with its names, behind {@code reserved} bytes for something else. */
    static void lend(UringSlot slot, Slab slab, int reserved, Names names) throws Failure, UringRefusal {
        byte[] first = encode(names.name());
        byte[] second = names.otherName() == null ? new byte[0] : encode(names.other());
        ByteBuffer memory =
                slot.lend(slab, reserved + first.length + second.length).bytes();
        memory.put(reserved, first);
        memory.put(reserved + first.length, second);
        slot.setBytes(reserved + first.length);
    }

    private static byte[] encode(String name) throws Failure {
        byte[] bytes = FileNames.encode(name);
        if (bytes == null) {
            throw new Failure("not a name: it has a character that names cannot have", "EINVAL", null);
        }
        if (bytes.length > LONGEST_NAME_BYTES) {
            throw FdErrors.failure(-ENAMETOOLONG);
        }
        return bytes;
    }

    /** Returns where the second name is. */
    static long second(UringSlot slot) {
        return slot.piece().address() + slot.bytes();
    }
}
