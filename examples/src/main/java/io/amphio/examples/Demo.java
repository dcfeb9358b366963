package io.amphio.examples;

import io.amphio.examples.notes.Notes;
import io.amphio.examples.redis.Redis;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.UnmatchedArgumentException;

/** Starts one of the examples by its name. */
@Command(
        name = "demo",
        description = "Starts one of the examples by its name; notes if there is none.",
        subcommands = {
            Notes.class,
            Echo.class,
            Hello.Start.class,
            Loop.class,
            Simulation.class,
            Redis.class,
            Fetch.class,
            Grep.class,
            Proxy.class,
            Chat.class,
            Ntp.class
        })
public final class Demo {
    private static final List<String> HELP = List.of("-h", "--help");

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    boolean help;

    private Demo() {}

    /**
     * Runs the command line: exit code 0 when all went well, 2 for a wrong option, 1 for what the world refused.
     *
     * @param args the name of an example and its options
     */
    public static void main(String[] args) {
        System.exit(execute(args));
    }

    static int execute(String... args) {
        CommandLine demo = new CommandLine(new Demo());
        demo.setParameterExceptionHandler((wrong, _) -> {
            boolean isName = wrong.getCommandLine() == demo && wrong instanceof UnmatchedArgumentException;
            String message = isName
                    ? "no example is called \"" + args[0] + "\"; there are "
                            + String.join(", ", demo.getSubcommands().keySet())
                    : wrong.getMessage();
            return complain(wrong.getCommandLine(), message, 2);
        });
        demo.setExecutionExceptionHandler((failure, command, _) -> {
            if (failure instanceof IOException) {
                return complain(command, failure.getMessage(), 1);
            }
            throw failure; // a bug, with its stack
        });
        return demo.execute(withName(args).toArray(String[]::new));
    }

    private static List<String> withName(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        if (all.isEmpty() || (all.getFirst().startsWith("-") && !HELP.contains(all.getFirst()))) {
            all.addFirst("notes");
        }
        return all;
    }

    private static int complain(CommandLine command, @Nullable String message, int exitCode) {
        PrintWriter err = command.getErr();
        err.println(command.getCommandSpec().qualifiedName() + ": " + message);
        err.flush();
        return exitCode;
    }
}
