package io.amphio.interop.junit;

import io.amphio.IoOptions;
import io.amphio.spi.IoProvider;
import java.time.Duration;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.junit.platform.commons.support.AnnotationSupport;

/** Makes one run of an {@link IoTest} for each implementation. */
final class IoExtension implements TestTemplateInvocationContextProvider {
    IoExtension() {}

    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return AnnotationSupport.isAnnotated(context.getTestMethod(), IoTest.class);
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
        IoTest asked = AnnotationSupport.findAnnotation(context.getTestMethod(), IoTest.class)
                .orElseThrow();
        List<String> names = asked.value().length > 0 ? List.of(asked.value()) : all();
        return names.stream().map(name -> new OneRun(options(name, asked), Duration.ofMillis(asked.deadlineMillis())));
    }

    private static List<String> all() {
        return ServiceLoader.load(IoProvider.class).stream()
                .map(found -> found.get().name())
                .sorted()
                .toList();
    }

    private static IoOptions options(String name, IoTest asked) {
        IoOptions options = IoOptions.of(name);
        for (String option : asked.options()) {
            int equals = option.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("option \"" + option + "\" of @IoTest: not name=value");
            }
            options = options.with(option.substring(0, equals), option.substring(equals + 1));
        }
        return options;
    }

    private record OneRun(IoOptions options, Duration deadline) implements TestTemplateInvocationContext {
        @Override
        public String getDisplayName(int invocationIndex) {
            return options.io().orElse("default");
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of(new IoRun(options, deadline));
        }
    }
}
