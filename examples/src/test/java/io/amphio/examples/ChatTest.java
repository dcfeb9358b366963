package io.amphio.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Future;
import io.amphio.Io;
import io.amphio.IoOptions;
import io.amphio.IoRuntime;
import io.amphio.net.Server;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Guests that send lines and read lines, as those of nc. */
@ParameterizedClass
@ValueSource(strings = {"blocking", "evented"})
class ChatTest {
    @Parameter
    String io;

    private IoRuntime runtime;
    private Server server;
    private Future<?> serving;

    @BeforeEach
    void serve() throws IOException {
        runtime = IoRuntime.open(IoOptions.of(io));
        Io on = runtime.io();
        server = on.net().listen(new InetSocketAddress("127.0.0.1", 0));
        Chat chat = new Chat();
        new CommandLine(chat).parseArgs("--patience=0.5");
        serving = on.concurrent(() -> chat.serve(on, server)).get();
    }

    @AfterEach
    void stop() {
        serving.cancel(runtime.io());
        server.close();
        runtime.close();
    }

    private final class Guest implements AutoCloseable {
        private final Socket socket = new Socket();
        private final BufferedReader reader;

        Guest() throws IOException {
            socket.setReceiveBufferSize(16 << 10); // so that one that does not read is noticed soon
            socket.setSoTimeout(8000);
            socket.connect(server.localAddress());
            reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            expect("Your name?");
        }

        Guest(String name, String present) throws IOException {
            this();
            say(name);
            expect("Hello " + name + ". Here are: " + present);
            expect("* " + name + " has come");
        }

        void say(String line) throws IOException {
            socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        }

        void expect(String line) throws IOException {
            assertEquals(line, reader.readLine());
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void what_one_says_the_others_hear() throws Exception {
        try (Guest ann = new Guest("Ann", "Ann");
                Guest bob = new Guest("Bob", "Ann, Bob");
                Guest cem = new Guest("Çem", "Ann, Bob, Çem")) {
            ann.expect("* Bob has come");
            ann.expect("* Çem has come");
            bob.expect("* Çem has come");
            ann.say("hello");
            ann.say("  \033[31mred\007  ");
            bob.expect("Ann: hello");
            cem.expect("Ann: hello");
            bob.expect("Ann: [31mred");
            cem.expect("Ann: [31mred");
            cem.say("/who");
            cem.expect("* Ann, Bob, Çem");
            cem.say("merhaba ☕");
            ann.expect("Çem: merhaba ☕"); // and not her own, nor what others have asked
            bob.expect("Çem: merhaba ☕");
            bob.say("/quit");
            assertNull(bob.reader.readLine());
            ann.expect("* Bob has left");
            cem.socket.close();
            ann.expect("* Çem has left");
        }
    }

    @Test
    void a_name_is_given_once_and_is_a_word() throws Exception {
        try (Guest ann = new Guest("Ann", "Ann");
                Guest other = new Guest()) {
            other.say("two words");
            other.expect("A name has 1 to 20 letters, digits, - and _. Your name?");
            other.say("Ann");
            other.expect("Ann is here already. Your name?");
            other.say("Anna");
            other.expect("Hello Anna. Here are: Ann, Anna");
            ann.expect("* Anna has come");
        }
    }

    @Test
    void a_line_without_end_ends_it() throws Exception {
        try (Guest ann = new Guest("Ann", "Ann");
                Guest bob = new Guest("Bob", "Ann, Bob")) {
            ann.expect("* Bob has come");
            bob.say("x".repeat(2000));
            ann.expect("* Bob has left");
        }
    }

    @Test
    void a_guest_that_does_not_read_is_dropped_and_holds_up_nobody() throws Exception {
        try (Guest talker = new Guest("Talker", "Talker");
                Guest slow = new Guest("Slow", "Slow, Talker")) {
            talker.expect("* Slow has come");
            String words = "w".repeat(900);
            int said = 0;
            for (String heard = null; heard == null; said += 100) { // until the test takes too long
                for (int i = 0; i < 100; i++) {
                    talker.say(words);
                }
                talker.say("/who");
                heard = talker.reader.readLine();
                heard = heard.equals("* Slow, Talker") ? null : heard;
            }
            int heard = 0;
            try {
                for (String line = slow.reader.readLine(); line != null; line = slow.reader.readLine()) {
                    heard++;
                }
            } catch (SocketException reset) {
                // That is a way to end, too.
            }
            assertTrue(heard < said, "it got all of it, and was dropped all the same");
        }
    }
}
