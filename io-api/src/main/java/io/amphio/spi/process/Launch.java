package io.amphio.spi.process;

import io.amphio.process.PipeSink;
import io.amphio.process.PipeSource;
import io.amphio.process.ProcessSpec;
import io.amphio.process.Stdio;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One start of a process: what is opened for it is either its child's, or closed again. Blocks its thread. */
final class Launch {
    private static final File NOTHING =
            new File(System.getProperty("os.name").startsWith("Windows") ? "NUL" : "/dev/null");

    private final ProcessSpec spec;
    private final PipeMaker maker;
    private final List<Runnable> childsEnds = new ArrayList<>(); // closed in any case
    private @Nullable PipeSink stdin;
    private @Nullable PipeSource stdout;
    private @Nullable PipeSource stderr;

    Launch(ProcessSpec spec, PipeMaker maker) {
        this.spec = spec;
        this.maker = maker;
    }

    /** Starts it. */
    ChildProcess run() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(spec.command());
        if (spec.directory() != null) {
            builder.directory(spec.directory().toFile());
        }
        spec.applyEnvironment(builder.environment());
        boolean started = false;
        try {
            builder.redirectInput(input());
            builder.redirectOutput(output());
            if (spec.stderr() == Stdio.MERGE) {
                builder.redirectErrorStream(true);
            } else {
                builder.redirectError(errors());
            }
            Process process = builder.start();
            started = true;
            return adopt(process);
        } catch (IOException refused) {
            throw SpawnErrors.of(spec, refused);
        } finally {
            childsEnds.forEach(Runnable::run);
            if (!started) {
                closeAll();
            }
        }
    }

    private Redirect input() throws IOException {
        return switch (spec.stdin()) {
            case Stdio.Pipe _ -> {
                PipeMaker.Made<PipeSink> made = maker.openSink(name("input"));
                if (made == null) {
                    yield Redirect.PIPE;
                }
                stdin = made.end();
                childsEnds.add(made.closing());
                yield Redirect.from(made.childsEnd().toFile());
            }
            case Stdio.Discard _ -> Redirect.from(NOTHING);
            case Stdio.From(var file) -> Redirect.from(file.toFile());
            default -> Redirect.INHERIT;
        };
    }

    private Redirect output() throws IOException {
        if (!(spec.stdout() instanceof Stdio.Pipe)) {
            return fileOrSo(spec.stdout());
        }
        PipeMaker.Made<PipeSource> made = maker.openSource(name("output"));
        if (made == null) {
            return Redirect.PIPE;
        }
        stdout = made.end();
        return toPipe(made);
    }

    private Redirect errors() throws IOException {
        if (!(spec.stderr() instanceof Stdio.Pipe)) {
            return fileOrSo(spec.stderr());
        }
        PipeMaker.Made<PipeSource> made = maker.openSource(name("error output"));
        if (made == null) {
            return Redirect.PIPE;
        }
        stderr = made.end();
        return toPipe(made);
    }

    private Redirect toPipe(PipeMaker.Made<PipeSource> made) {
        childsEnds.add(made.closing());
        return Redirect.to(made.childsEnd().toFile());
    }

    private static Redirect fileOrSo(Stdio stdio) {
        return switch (stdio) {
            case Stdio.Discard _ -> Redirect.DISCARD;
            case Stdio.To(var file, boolean appending) ->
                appending ? Redirect.appendTo(file.toFile()) : Redirect.to(file.toFile());
            default -> Redirect.INHERIT;
        };
    }

    private String name(String stream) {
        return stream + " of " + spec.program();
    }

    private ChildProcess adopt(Process process) {
        if (spec.stdin() instanceof Stdio.Pipe && stdin == null) {
            stdin = new PumpedSink(name("input"), process.getOutputStream());
        }
        if (spec.stdout() instanceof Stdio.Pipe && stdout == null) {
            stdout = new PumpedSource(name("output"), process.getInputStream());
        }
        if (spec.stderr() instanceof Stdio.Pipe && stderr == null) {
            stderr = new PumpedSource(name("error output"), process.getErrorStream());
        }
        return ChildProcess.of(spec, process, stdin, stdout, stderr);
    }

    private void closeAll() {
        if (stdin != null) {
            stdin.close();
        }
        if (stdout != null) {
            stdout.close();
        }
        if (stderr != null) {
            stderr.close();
        }
    }
}
