package io.amphio.examples;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Starts one of the examples by its name. */
@Command(name = "demo", mixinStandardHelpOptions = true, description = "Starts one of the examples by its name.")
public final class Demo {
    private Demo() {}

    /**
     * Runs the command line.
     *
     * @param args the name of an example and its options
     */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Demo()).execute(args));
    }
}
