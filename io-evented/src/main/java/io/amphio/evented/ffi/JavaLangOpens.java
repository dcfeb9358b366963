package io.amphio.evented.ffi;

import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Opens {@code java.lang} to this module while the program runs, by the JVM's tool interface (JVMTI): for who can give the JVM no
 * option, and has said that this may be done.
 *
 * <p>It is what a debugger's agent may do, and no check of the JDK stands in its way; that is why nothing does it unasked. The
 * tables of functions are laid out as JNI's and JVMTI's specifications say, which number the entries.
 */
public final class JavaLangOpens {
    private static final int JVMTI_VERSION_11 = 0x300B0000;
    private static final int GET_ENV = 6; // of JNI's invocation interface, counted from 0
    private static final int ADD_MODULE_OPENS = 95; // of JVMTI's functions, which are counted from 1 there: 96
    private static final int DISPOSE_ENVIRONMENT = 126; // 127 there

    private JavaLangOpens() {}

    /**
     * Opens the package.
     *
     * @return why that was not possible, and what to do about it; null if it was done
     */
    public static @Nullable String open() {
        Module us = JavaLangOpens.class.getModule();
        if (NativeAccess.isNotEnabled()) {
            return "native access is not enabled; start java with --enable-native-access="
                    + (us.isNamed() ? "com.sun.jna," + us.getName() : "ALL-UNNAMED");
        }
        try {
            return open(us);
        } catch (LinkageError | RuntimeException e) { // no place to unpack JNA's own library, or another kind of JVM
            return e.toString();
        }
    }

    private static @Nullable String open(Module us) {
        Function createdVms = jvm().getFunction("JNI_GetCreatedJavaVMs");
        PointerByReference vm = new PointerByReference();
        int status = createdVms.invokeInt(new Object[] {vm, 1, new IntByReference()});
        if (status != 0 || vm.getValue() == null) {
            return "JNI_GetCreatedJavaVMs returned " + status;
        }
        PointerByReference environment = new PointerByReference();
        status = entry(vm.getValue(), GET_ENV).invokeInt(new Object[] {vm.getValue(), environment, JVMTI_VERSION_11});
        if (status != 0) {
            return "this JVM has no tool interface (GetEnv returned " + status + ")";
        }
        Pointer jvmti = environment.getValue();
        Object[] arguments = {jvmti, Object.class.getModule(), "java.lang", us};
        Map<String, Object> withObjects = Map.of(Library.OPTION_ALLOW_OBJECTS, Boolean.TRUE);
        int error = (Integer) entry(jvmti, ADD_MODULE_OPENS).invoke(Integer.class, arguments, withObjects);
        entry(jvmti, DISPOSE_ENVIRONMENT).invokeInt(new Object[] {jvmti});
        return error == 0 ? null : "AddModuleOpens returned JVMTI error " + error;
    }

    /** The function at {@code index} of the table that {@code owner} points to. */
    private static Function entry(Pointer owner, int index) {
        Pointer table = owner.getPointer(0);
        return Function.getFunction(table.getPointer((long) index * Long.BYTES));
    }

    /** The library of the JVM that runs this, which is loaded already. */
    private static NativeLibrary jvm() {
        Path home = Path.of(System.getProperty("java.home"));
        String name = System.mapLibraryName("jvm");
        for (String folder : new String[] {"lib/server", "bin/server", "lib/client"}) {
            Path library = home.resolve(folder).resolve(name);
            if (Files.exists(library)) {
                return NativeLibrary.getInstance(library.toString());
            }
        }
        return NativeLibrary.getProcess();
    }
}
