package io.amphio.evented.ffi;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What numbers and struct layouts depend on: the system and the processor. All of these have 64 bits.
 *
 * @param os the system
 * @param arch the processor
 */
public record Abi(Os os, Arch arch) {
    /** A system whose C library we know. */
    public enum Os {
        /** Linux, with any C library. */
        LINUX,
        /** macOS. */
        MACOS,
        /** FreeBSD. */
        FREEBSD
    }

    /** A processor whose calling convention and layouts we know. */
    public enum Arch {
        /** The 64 bits of Intel and AMD. */
        X86_64,
        /** ARM. */
        AARCH64,
        /** RISC-V. */
        RISCV64,
        /** POWER, little-endian. */
        PPC64LE,
        /** IBM Z: the one that is big-endian. */
        S390X
    }

    private static final @Nullable Abi CURRENT = of(System.getProperty("os.name"), System.getProperty("os.arch"));

    /**
     * Returns that of this machine.
     *
     * @return the ABI, or null if we do not know it
     */
    public static @Nullable Abi current() {
        return CURRENT;
    }

    /** Returns that of this machine, where native calls are known to be possible. */
    static Abi require() {
        if (CURRENT == null) {
            throw new AssertionError("native code was asked for on a system that we do not know");
        }
        return CURRENT;
    }

    /**
     * Returns what the JVM's properties name.
     *
     * @param osName as {@code os.name} has it
     * @param archName as {@code os.arch} has it
     * @return the ABI, or null if we do not know it
     */
    public static @Nullable Abi of(String osName, String archName) {
        Os os = os(osName.toLowerCase(Locale.ROOT));
        Arch arch = arch(archName.toLowerCase(Locale.ROOT));
        return os == null || arch == null ? null : new Abi(os, arch);
    }

    private static @Nullable Os os(String name) {
        return switch (name) {
            case "linux" -> Os.LINUX;
            case "mac os x" -> Os.MACOS;
            case "freebsd" -> Os.FREEBSD;
            default -> null;
        };
    }

    private static @Nullable Arch arch(String name) {
        return switch (name) {
            case "amd64", "x86_64" -> Arch.X86_64;
            case "aarch64", "arm64" -> Arch.AARCH64;
            case "riscv64" -> Arch.RISCV64;
            case "ppc64le" -> Arch.PPC64LE;
            case "s390x" -> Arch.S390X;
            default -> null;
        };
    }

    /**
     * Returns whether the system is Linux.
     *
     * @return whether {@link #os} is
     */
    public boolean isLinux() {
        return os == Os.LINUX;
    }
}
