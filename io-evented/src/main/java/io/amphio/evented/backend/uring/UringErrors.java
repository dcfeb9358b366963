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
}
