package io.amphio.evented.backend.uring;

import io.amphio.evented.ffi.LibC;
import io.amphio.evented.ffi.UringRefusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Whether this machine gives us io_urings, found out once; and if not, why. Only where native code can be called. */
final class UringSupport {
    private static final Path SWITCH = Path.of("/proc/sys/kernel/io_uring_disabled");

    private static final @Nullable Requests REQUESTS;
    private static final @Nullable String REFUSAL;

    static {
        Requests requests = null;
        String refusal = null;
        try {
            requests = new Requests(UringKernel.probe());
        } catch (UringRefusal e) {
            refusal = explain(e, setting());
        }
        REQUESTS = requests;
        REFUSAL = refusal;
    }

    private UringSupport() {}

    static @Nullable String refusal() {
        return REFUSAL;
    }

    static Requests requests() {
        if (REQUESTS == null) {
            throw new AssertionError("a ring is opened where there is none: " + REFUSAL);
        }
        return REQUESTS;
    }

    /** Puts what the kernel said into words, with the likely cause. */
    static String explain(UringRefusal refused, @Nullable String setting) {
        String said = String.valueOf(UringErrors.failure(refused).getMessage());
        String cause = likelyCause(LibC.ERRNO.symbol(refused.errno()), setting);
        return cause == null ? said : said + "; likely cause: " + cause;
    }

    private static @Nullable String likelyCause(@Nullable String errno, @Nullable String setting) {
        return switch (errno) {
            case "EPERM", "EACCES" ->
                setting == null || setting.equals("0")
                        ? "a seccomp filter, as container runtimes have one"
                        : "kernel.io_uring_disabled=" + setting;
            case "ENOSYS" -> "a kernel before 5.13, or one without io_uring, or a seccomp filter";
            case "EINVAL" -> "a kernel that lacks what we need of io_uring";
            case "ENOMEM" -> "the limit on locked memory (ulimit -l), which kernels before 5.12 charge rings to";
            case null, default -> null;
        };
    }

    private static @Nullable String setting() {
        try {
            return Files.readString(SWITCH).strip();
        } catch (IOException e) {
            return null; // kernels before 6.6 have no such switch
        }
    }
}
