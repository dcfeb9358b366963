package io.amphio.interop;

import io.amphio.Io;
import io.amphio.IoOptions;
import io.amphio.IoRuntime;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that run on each implementation, each with a runtime of its own. */
@ParameterizedClass
@ValueSource(strings = {"blocking", "evented"})
public abstract class OnEachIo {
    @Parameter
    protected String name;

    protected IoRuntime runtime;
    protected Io io;

    @BeforeEach
    final void openRuntime() {
        runtime = IoRuntime.open(IoOptions.of(name));
        io = runtime.io();
    }

    @AfterEach
    final void closeRuntime() {
        runtime.close(Duration.ofSeconds(5));
    }
}
