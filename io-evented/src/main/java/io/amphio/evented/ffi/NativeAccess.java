package io.amphio.evented.ffi;

import com.sun.jna.FunctionMapper;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether native code can be called at all, and if not, why. Asked for the first time, it binds the C library.
 *
 * <p>Where the JVM's user has not enabled native access, it is not tried: the JVM would print warnings now, and will refuse
 * in a later release.
 */
public final class NativeAccess {
    private static final String MODULES = "com.sun.jna,io.amphio.evented";
    private static final @Nullable String REFUSAL = bind();

    private NativeAccess() {}

    /**
     * Returns why native code cannot be called.
     *
     * @return the reason and, if there is one, the way out; null if it can
     */
    public static @Nullable String refusal() {
        return REFUSAL;
    }

    /** Binds the C library before its first use. */
    static void require() {
        if (REFUSAL != null) {
            throw new AssertionError("native code was called where it cannot be: " + REFUSAL);
        }
    }

    /**
     * Returns whether the user could have it by enabling native access.
     *
     * @return whether that is the reason
     */
    public static boolean isNotEnabled() {
        return !isEnabled();
    }

    private static boolean isEnabled() {
        return NativeAccess.class.getModule().isNativeAccessEnabled() && isEnabledForJna();
    }

    private static boolean isEnabledForJna() {
        return NativeLibrary.class.getModule().isNativeAccessEnabled(); // named so, JNA is not initialised
    }

    private static void bindOthers(Abi abi, NativeLibrary process) {
        switch (abi.os()) {
            case LINUX -> Native.register(LinuxNatives.class, process);
            case FREEBSD -> {
                Native.register(BsdNatives.class, process);
                Native.register(FreeBsdNatives.class, process);
            }
            case MACOS -> {
                Native.register(BsdNatives.class, abi.arch() == Abi.Arch.X86_64 ? withWideInodes() : process);
                Native.register(MacNatives.class, process);
            }
        }
    }

    /** On Intel, macOS keeps the old {@code stat} under its old name. */
    private static NativeLibrary withWideInodes() {
        FunctionMapper names = (library, method) ->
                method.getName().startsWith("fstat") ? method.getName() + "$INODE64" : method.getName();
        return NativeLibrary.getInstance("c", Map.of(Library.OPTION_FUNCTION_MAPPER, names));
    }

    private static @Nullable String bind() {
        Abi abi = Abi.current();
        if (abi == null) {
            return "native code for " + System.getProperty("os.name") + " on " + System.getProperty("os.arch")
                    + " is not known to us";
        }
        if (!isEnabled()) {
            boolean onModulePath = NativeAccess.class.getModule().isNamed();
            return "native access is not enabled; start java with --enable-native-access="
                    + (onModulePath ? MODULES : "ALL-UNNAMED");
        }
        try {
            NativeLibrary process = NativeLibrary.getProcess(); // the C library is part of it, whatever its name
            Native.register(PosixNatives.class, process);
            bindOthers(abi, process);
            return null;
        } catch (LinkageError | RuntimeException e) { // no place to unpack JNA's own library, say
            return "the C library cannot be bound: " + e.getMessage();
        }
    }
}
