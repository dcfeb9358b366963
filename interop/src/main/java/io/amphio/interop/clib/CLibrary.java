package io.amphio.interop.clib;

import com.sun.jna.Callback;
import com.sun.jna.CallbackReference;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;

/** Finds C libraries, and converts what goes to them and comes from them. Addresses are longs, 0 is NULL. */
public final class CLibrary {
    private CLibrary() {}

    /**
     * Binds the native methods of a class.
     *
     * @param natives whose static native methods have the names of the library's functions
     * @param file the library's file with its version; the one without exists only where it is compiled against
     * @param debianPackage what has it on Debian
     * @throws UnsupportedOperationException if it is not there, or native code cannot be called; the message says what to do
     */
    public static void bind(Class<?> natives, String file, String debianPackage) {
        if (!NativeLibrary.class.getModule().isNativeAccessEnabled()) { // named so, JNA is not initialised
            throw new UnsupportedOperationException(
                    "load " + file + ": native access is not enabled; start java with"
                            + " --enable-native-access=ALL-UNNAMED (class path) or =com.sun.jna,io.amphio.evented (module path)");
        }
        try {
            Native.register(natives, NativeLibrary.getInstance(file));
        } catch (UnsatisfiedLinkError missing) {
            throw new UnsupportedOperationException(
                    "load " + file + ": not found, or of another version; on Debian the package is " + debianPackage
                            + " (apt-get install " + debianPackage + ")",
                    missing);
        }
    }

    /** Returns the address by which C calls {@code callback}; whoever gives it to C keeps the callback for as long. */
    public static long addressOf(Callback callback) {
        return Pointer.nativeValue(CallbackReference.getFunctionPointer(callback));
    }

    /** Returns what is at {@code address}. */
    public static Pointer at(long address) {
        return new Pointer(address);
    }

    /** Returns the address that stands at {@code address}, 0 for NULL. */
    public static long addressAt(long address) {
        Pointer found = new Pointer(address).getPointer(0);
        return found == null ? 0 : Pointer.nativeValue(found);
    }

    /** Returns the text, up to its 0, at {@code address}; what stands there in the encoding of UTF-8. */
    public static String textAt(long address) {
        return address == 0 ? "" : new Pointer(address).getString(0, "UTF-8");
    }
}
