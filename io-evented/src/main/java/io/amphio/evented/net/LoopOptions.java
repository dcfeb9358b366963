package io.amphio.evented.net;

import io.amphio.evented.loop.LoopNetHandle;
import io.amphio.spi.NetErrors;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;

/** The options of a socket on event loops, and their errors by the address that tells a user which it is. */
final class LoopOptions {
    private LoopOptions() {}

    static <T> void set(LoopNetHandle socket, SocketAddress address, SocketOption<T> option, T value)
            throws IOException {
        try {
            socket.setOption(option, value);
        } catch (IOException thrown) {
            throw LoopErrors.of("set " + option.name(), address, socket, thrown);
        }
    }

    static <T> T get(LoopNetHandle socket, SocketAddress address, SocketOption<T> option) throws IOException {
        String operation = "get " + option.name();
        T value;
        try {
            value = socket.getOption(option);
        } catch (IOException thrown) {
            throw LoopErrors.of(operation, address, socket, thrown);
        }
        if (value == null) {
            throw new SocketException(operation + " " + NetErrors.text(address) + ": it is not set");
        }
        return value;
    }
}
