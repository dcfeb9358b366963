package io.amphio.blocking;

import io.amphio.IoOptions;
import io.amphio.spi.IoProvider;

/**
 * Opens a {@link BlockingIo} by the name {@code blocking}; found through {@link java.util.ServiceLoader}.
 *
 * <p>It knows the settings of {@link BlockingOptions#of}.
 */
public final class BlockingIoProvider implements IoProvider {
    static final String NAME = "blocking";

    /** Creates the provider. */
    public BlockingIoProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean isDefault() {
        return false;
    }

    @Override
    public Instance open(IoOptions options) {
        return new ThreadIoInstance(BlockingOptions.of(options));
    }
}
