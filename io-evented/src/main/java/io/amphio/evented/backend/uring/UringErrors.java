package io.amphio.evented.backend.uring;

import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.fd.FdErrors;
import io.amphio.evented.ffi.UringRefusal;

/** What is told when something goes wrong here. */
final class UringErrors {
    private UringErrors() {}

    static Failure failure(UringRefusal refusal) {
        Failure plain = FdErrors.failure(-refusal.errno());
        return new Failure(refusal.call() + ": " + plain.text(), plain.errno(), null);
    }

    /** A buffer threw: its arena is closed, or belongs to another thread. */
    static Failure unusable(RuntimeException thrown) {
        String message = thrown.getMessage();
        return new Failure(message == null ? thrown.toString() : message, null, thrown);
    }
}
