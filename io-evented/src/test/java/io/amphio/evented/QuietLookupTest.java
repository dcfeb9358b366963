package io.amphio.evented;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Native;
import io.amphio.Io;
import io.vavr.CheckedFunction0;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A program that logs by nothing of slf4j's hears nothing of it, although the library that reads our DNS messages does. */
@Timeout(60) // starts JVMs
class QuietLookupTest {
    private static final int FILES = 1_000;

    private static String printed(List<String> options)
            throws IOException, ClassNotFoundException, InterruptedException {
        String classPath = ClassFiles.path(
                EventedIo.class,
                LookupWithoutLogger.class,
                Io.class,
                Native.class,
                CheckedFunction0.class,
                Class.forName("org.xbill.DNS.Name"),
                Class.forName("org.slf4j.Logger"));
        Process process = ClassFiles.start(FILES, options, classPath, LookupWithoutLogger.class);
        try {
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void a_lookup_prints_nothing_where_slf4j_has_no_provider() throws Exception {
        assertEquals("NO_ANSWER\nnull\n", printed(List.of()));
    }

    @Test
    void who_wants_to_hear_of_it_says_so_to_slf4j() throws Exception {
        String all = printed(List.of("-Dslf4j.internal.verbosity=WARN"));
        assertTrue(all.contains("No SLF4J providers were found"), all);
        assertTrue(all.endsWith("NO_ANSWER\nWARN\n"), all);
    }
}
