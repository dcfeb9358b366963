package io.amphio.evented.coro;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.NativeLibrary;
import io.amphio.evented.ClassFiles;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each way to start Java gives the mode it should, and says so. */
@Timeout(60) // each test starts a JVM
class SchedulerModeTest {
    private static final String MAIN = ReportMode.class.getName();
    private static final Path CLASSES = ClassFiles.of(SchedulerBridge.class);
    private static final Path TEST_CLASSES = ClassFiles.of(ReportMode.class);
    private static final String CLASS_PATH =
            CLASSES.equals(TEST_CLASSES) ? CLASSES.toString() : CLASSES + File.pathSeparator + TEST_CLASSES;
    private static final String ADD_OPENS = "--add-opens=java.base/java.lang=ALL-UNNAMED";

    @TempDir
    private Path directory;

    @Test
    void this_test_run_has_the_mode_that_the_build_expects() {
        String expected = System.getProperty("amphio.expectOwn");
        assumeTrue(expected != null);
        var mode = Boolean.parseBoolean(expected) ? SchedulerBridge.Mode.OWN : SchedulerBridge.Mode.STOCK;
        assertEquals(mode, SchedulerBridge.open().mode(), SchedulerBridge.open().explanation());
    }

    @Test
    void without_any_option_the_jdk_schedules_and_the_explanation_says_how_to_change_that() throws Exception {
        String output = java("-cp", CLASS_PATH, MAIN);
        assertTrue(output.startsWith("STOCK: "), output);
        assertTrue(output.contains("--add-opens java.base/java.lang=ALL-UNNAMED"), output);
        assertTrue(output.contains("body ran"), output);
    }

    @Test
    void add_opens_gives_our_own_scheduler() throws Exception {
        String output = java(ADD_OPENS, "-cp", CLASS_PATH, MAIN);
        assertTrue(output.startsWith("OWN: "), output);
        assertTrue(output.contains("body ran"), output);
    }

    @Test
    void the_agent_gives_our_own_scheduler_on_the_class_path() throws Exception {
        Path agent = jar("agent.jar", "Premain-Class", "io.amphio.evented.agent.OpenJavaLang");
        String output = java("-javaagent:" + agent, "-cp", CLASS_PATH, MAIN);
        assertTrue(output.startsWith("OWN: "), output);
    }

    @Test
    void the_agent_gives_our_own_scheduler_on_the_module_path() throws Exception {
        String modulePath = System.getProperty("jdk.module.path");
        assumeTrue(modulePath != null && SchedulerBridge.class.getModule().isNamed(), "tests run on the class path");
        Path agent = jar("agent.jar", "Premain-Class", "io.amphio.evented.agent.OpenJavaLang");
        String output = java(
                "-javaagent:" + agent,
                "-p",
                modulePath,
                "--patch-module",
                "io.amphio.evented=" + TEST_CLASSES,
                "-m",
                "io.amphio.evented/" + MAIN);
        assertTrue(output.startsWith("OWN: "), output);
    }

    @Test
    void the_manifest_of_a_jar_that_is_run_gives_our_own_scheduler() throws Exception {
        Path program = jar("program.jar", "Add-Opens", "java.base/java.lang", "Main-Class", MAIN);
        String output = java("-jar", program.toString());
        assertTrue(output.startsWith("OWN: "), output);
    }

    @Test
    void the_launcher_agent_of_a_jar_that_is_run_gives_our_own_scheduler() throws Exception {
        Path program =
                jar("program.jar", "Launcher-Agent-Class", "io.amphio.evented.agent.OpenJavaLang", "Main-Class", MAIN);
        String output = java("-jar", program.toString());
        assertTrue(output.startsWith("OWN: "), output);
    }

    @Test
    void the_tool_interface_gives_our_own_scheduler_on_the_class_path() throws Exception {
        String output =
                java("--enable-native-access=ALL-UNNAMED", "-Damphio.evented.scheduler=jvmti", "-cp", withJna(), MAIN);
        assertTrue(output.startsWith("OWN: "), output);
        assertTrue(output.contains("body ran"), output);
        assertFalse(output.contains("WARNING"), output);
    }

    @Test
    void the_tool_interface_gives_our_own_scheduler_on_the_module_path() throws Exception {
        String modulePath = System.getProperty("jdk.module.path");
        assumeTrue(modulePath != null && SchedulerBridge.class.getModule().isNamed(), "tests run on the class path");
        String output = java(
                "--enable-native-access=com.sun.jna,io.amphio.evented",
                "-Damphio.evented.scheduler=jvmti",
                "-p",
                modulePath,
                "--patch-module",
                "io.amphio.evented=" + TEST_CLASSES,
                "-m",
                "io.amphio.evented/" + MAIN);
        assertTrue(output.startsWith("OWN: "), output);
        assertFalse(output.contains("WARNING"), output);
    }

    @Test
    void without_native_access_the_tool_interface_is_not_tried_and_the_jdk_schedules() throws Exception {
        String output = java("-Damphio.evented.scheduler=jvmti", "-cp", withJna(), MAIN);
        assertTrue(output.startsWith("STOCK: "), output);
        assertTrue(output.contains("=jvmti asks for failed: native access is not enabled"), output);
        assertTrue(output.contains("--enable-native-access=ALL-UNNAMED"), output);
        assertTrue(output.contains("body ran"), output);
        assertFalse(output.contains("WARNING"), output);
    }

    @Test
    void without_jna_the_jdk_schedules() throws Exception {
        String output =
                java("--enable-native-access=ALL-UNNAMED", "-Damphio.evented.scheduler=jvmti", "-cp", CLASS_PATH, MAIN);
        assertTrue(output.startsWith("STOCK: "), output);
        assertTrue(output.contains("=jvmti asks for failed: java.lang.NoClassDefFoundError"), output);
        assertTrue(output.contains("body ran"), output);
    }

    private static String withJna() {
        return CLASS_PATH + File.pathSeparator + ClassFiles.jarOf(NativeLibrary.class);
    }

    @Test
    void the_property_forces_stock_threads() throws Exception {
        String output = java(ADD_OPENS, "-Damphio.evented.scheduler=stock", "-cp", CLASS_PATH, MAIN);
        assertTrue(output.startsWith("STOCK: stock virtual threads, as amphio.evented.scheduler=stock"), output);
    }

    @Test
    void asking_for_our_own_where_the_package_is_closed_fails_with_the_way_out() throws Exception {
        String output = java("-Damphio.evented.scheduler=own", "-cp", CLASS_PATH, MAIN);
        assertTrue(output.contains("IllegalStateException: amphio.evented.scheduler=own: "), output);
        assertTrue(output.contains("--add-opens java.base/java.lang=ALL-UNNAMED"), output);
    }

    @Test
    void an_unknown_value_of_the_property_is_refused() throws Exception {
        String output = java("-Damphio.evented.scheduler=mine", "-cp", CLASS_PATH, MAIN);
        assertTrue(
                output.contains("amphio.evented.scheduler=mine: unknown; there are own, stock, auto and jvmti"),
                output);
    }

    @Test
    void the_socket_pollers_of_the_jdk_never_run_on_our_scheduler() throws Exception {
        String output = java(ADD_OPENS, "-cp", CLASS_PATH, MAIN, "sockets");
        assertTrue(output.contains("strangers=0"), output);
    }

    private static String java(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("JDK_JAVA_OPTIONS");
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    /** Packs this module's classes and the test's program into one jar with these manifest attributes. */
    private Path jar(String name, String... attributes) throws IOException {
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        for (int i = 0; i < attributes.length; i += 2) {
            manifest.getMainAttributes().putValue(attributes[i], attributes[i + 1]);
        }
        Path jar = directory.resolve(name);
        try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            for (String part : List.of("agent", "coro")) {
                String folder = "io/amphio/evented/" + part;
                pack(out, CLASSES, folder);
                if (!CLASSES.equals(TEST_CLASSES) && Files.isDirectory(TEST_CLASSES.resolve(folder))) {
                    pack(out, TEST_CLASSES, folder);
                }
            }
        }
        return jar;
    }

    private static void pack(JarOutputStream out, Path root, String folder) throws IOException {
        try (var files = Files.list(root.resolve(folder))) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                if (!file.endsWith("package-info.class") || root.equals(CLASSES)) {
                    out.putNextEntry(new JarEntry(folder + "/" + file.getFileName()));
                    Files.copy(file, out);
                }
            }
        }
    }
}
