package io.amphio.benchmarks;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** How to start the programs: ours and the peers'. */
final class Commands {
    /** The folder of the module, where the programs run. */
    static final Path MODULE = Path.of(System.getProperty("bench.module", ".")).toAbsolutePath();

    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    private Commands() {}

    /** Returns how to start a class of this module; arguments that begin with {@code -D} or {@code -X} are the JVM's. */
    static List<String> java(String main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                JAVA.toString(),
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                classPath()));
        Arrays.stream(arguments).filter(Commands::isForTheJvm).forEach(command::add);
        command.add(main.startsWith("io.") || main.startsWith("org.") ? main : "io.amphio.benchmarks." + main);
        Arrays.stream(arguments).filter(argument -> !isForTheJvm(argument)).forEach(command::add);
        return command;
    }

    private static boolean isForTheJvm(String argument) {
        return argument.startsWith("-D") || argument.startsWith("-X");
    }

    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Returns how to start a native program that {@code ./bench} has built, on so many processors. */
    static List<String> built(String name, int processors, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                "env",
                "GOMAXPROCS=" + processors,
                MODULE.resolve("target/" + name).toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Returns whether a native program could be built here. */
    static boolean isBuilt(String name) {
        return Files.isExecutable(MODULE.resolve("target/" + name));
    }
}
