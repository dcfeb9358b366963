package io.amphio.blocking;

import io.amphio.spi.NetErrors;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.nio.channels.NetworkChannel;

/** The options of a channel, and their errors by the address that tells a user which it is. */
final class ChannelOptions {
    private ChannelOptions() {}

    static <T> void set(NetworkChannel channel, SocketAddress address, SocketOption<T> option, T value)
            throws IOException {
        try {
            channel.setOption(option, value);
        } catch (IOException failed) {
            throw NetErrors.of("set " + option.name(), address, failed);
        }
    }

    static <T> T get(NetworkChannel channel, SocketAddress address, SocketOption<T> option) throws IOException {
        try {
            T value = channel.getOption(option);
            if (value == null) {
                throw new SocketException("it is not set");
            }
            return value;
        } catch (IOException failed) {
            throw NetErrors.of("get " + option.name(), address, failed);
        }
    }
}
