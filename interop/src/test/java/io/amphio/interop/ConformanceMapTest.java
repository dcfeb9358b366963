package io.amphio.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/conformance.md} names tests that exist: by their sources, as no module sees the tests of all others. */
class ConformanceMapTest {
    private static final Path PAGE = Path.of("docs", "conformance.md");
    private static final Pattern REFERENCE = Pattern.compile("`((?:\\w+/)?\\w+)#(\\w+)`");

    /** The project's root, whatever module or folder the tests were started in. */
    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.exists(folder.resolve(PAGE))) {
            folder = folder.getParent();
        }
        assertTrue(folder != null, "no " + PAGE + " above " + Path.of("").toAbsolutePath());
        return folder;
    }

    private static List<Path> testSources(Path root) throws IOException {
        try (Stream<Path> modules = Files.list(root)) {
            List<Path> sources = new ArrayList<>();
            for (Path module : modules.toList()) {
                Path folder = module.resolve(Path.of("src", "test", "java"));
                if (Files.isDirectory(folder)) {
                    try (Stream<Path> files = Files.walk(folder)) {
                        files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
                    }
                }
            }
            return sources;
        }
    }

    @Test
    void every_test_that_the_page_names_exists() throws IOException {
        Path root = root();
        List<Path> sources = testSources(root);
        List<MatchResult> references = REFERENCE
                .matcher(Files.readString(root.resolve(PAGE)))
                .results()
                .toList();
        assertTrue(references.size() > 100, references.size() + " references");
        List<String> missing = new ArrayList<>();
        for (MatchResult reference : references) {
            Path file = Path.of(reference.group(1) + ".java");
            // An annotation that ends in Test, and nothing but further annotations before the method.
            Pattern method =
                    Pattern.compile("@\\w*Test\\b(?:[^{};]|\\{[^{};]*\\})*\\bvoid " + reference.group(2) + "\\(");
            boolean found = false;
            for (Path source : sources) {
                found |= source.endsWith(file)
                        && method.matcher(Files.readString(source)).find();
            }
            if (!found) {
                missing.add(reference.group());
            }
        }
        assertEquals(List.of(), missing);
    }
}
