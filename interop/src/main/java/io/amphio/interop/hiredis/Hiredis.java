package io.amphio.interop.hiredis;

import com.sun.jna.Callback;
import com.sun.jna.Pointer;
import io.amphio.interop.clib.CLibrary;
import io.amphio.interop.clib.Handles;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The C library: its functions, where the fields of its structures are, and the functions that it calls.
 *
 * <p>One callback of each kind serves all connections, and is kept for ever by a static field, so C can call it whenever it
 * likes. Which connection is meant says a number of {@link #CONNECTIONS}, never an address.
 *
 * <p>The layout is that of 0.14 on 64-bit systems. hiredis tells its version to the preprocessor only; so the file's name has to
 * say 0.14, and a context that failed on purpose has to have its error where we look for it.
 */
final class Hiredis {
    static final String FILE = "libhiredis.so.0.14";
    static final String PACKAGE = "libhiredis0.14";

    private static final int CONTEXT_FD = 132;
    private static final int ERR = 208;
    private static final int ERRSTR = 216;
    private static final int EV_DATA = 232;
    private static final int EV_ADD_READ = 240;
    private static final int EV_DEL_READ = 248;
    private static final int EV_ADD_WRITE = 256;
    private static final int EV_DEL_WRITE = 264;
    private static final int EV_CLEANUP = 272;
    private static final int REDIS_ERR_IO = 1;

    private static final int REPLY_INTEGER = 8;
    private static final int REPLY_LENGTH = 16;
    private static final int REPLY_TEXT = 24;
    private static final int REPLY_ELEMENTS = 32;
    private static final int REPLY_ELEMENT = 40;

    /** Who is behind the numbers that C knows; empty when all connections are closed. */
    static final Handles<RedisConnection> CONNECTIONS = new Handles<>();

    /** {@code void hook(void *privdata)}. */
    interface Hook extends Callback {
        void call(long data);
    }

    /** {@code void connected(const redisAsyncContext *, int status)}. */
    interface Connected extends Callback {
        void call(long context, int status);
    }

    /** {@code void replied(redisAsyncContext *, void *reply, void *privdata)}. */
    interface Replied extends Callback {
        void call(long context, long reply, long data);
    }

    private static final Hook ADD_READ = data -> with(data, connection -> connection.wantReading(true));
    private static final Hook DEL_READ = data -> with(data, connection -> connection.wantReading(false));
    private static final Hook ADD_WRITE = data -> with(data, connection -> connection.wantWriting(true));
    private static final Hook DEL_WRITE = data -> with(data, connection -> connection.wantWriting(false));
    private static final Hook CLEANUP = data -> with(data, RedisConnection::cleanedUp);
    private static final Connected CONNECTED =
            (context, status) -> with(dataOf(context), connection -> connection.connected(status == 0));
    private static final Replied REPLIED =
            (context, reply, data) -> with(data, connection -> connection.replied(reply));
    private static final Replied PUSHED = (context, reply, data) -> with(data, connection -> connection.pushed(reply));

    private static final long ADD_READ_AT = CLibrary.addressOf(ADD_READ);
    private static final long DEL_READ_AT = CLibrary.addressOf(DEL_READ);
    private static final long ADD_WRITE_AT = CLibrary.addressOf(ADD_WRITE);
    private static final long DEL_WRITE_AT = CLibrary.addressOf(DEL_WRITE);
    private static final long CLEANUP_AT = CLibrary.addressOf(CLEANUP);
    private static final long CONNECTED_AT = CLibrary.addressOf(CONNECTED);
    private static final long REPLIED_AT = CLibrary.addressOf(REPLIED);
    private static final long PUSHED_AT = CLibrary.addressOf(PUSHED);

    private Hiredis() {}

    /** Binds the library once, and checks that it is the one we know. */
    private static final class Bound {
        static final boolean YES = checked();

        private static boolean checked() {
            long context = HiredisNatives.redisAsyncConnectUnix(bytes("/nonexistent/amphio"));
            if (context == 0) {
                throw new OutOfMemoryError("hiredis has no memory for a context");
            }
            boolean known = errorOf(context) == REDIS_ERR_IO
                    && CLibrary.addressAt(context + EV_DATA) == 0
                    && CLibrary.addressAt(context + EV_CLEANUP) == 0
                    && CLibrary.at(context).getString(4, "UTF-8").equals(errorTextOf(context))
                    && !errorTextOf(context).isEmpty();
            if (!known) {
                throw new UnsupportedOperationException("load " + FILE
                        + ": its structures are not those of 0.14; on Debian" + " the package is " + PACKAGE);
            }
            HiredisNatives.redisAsyncFree(context);
            return true;
        }
    }

    /**
     * Makes sure that the library is there.
     *
     * @throws UnsupportedOperationException if it is not; the message says what to install
     */
    static synchronized void require() {
        if (!bound) {
            CLibrary.bind(HiredisNatives.class, FILE, PACKAGE); // again each time, as it may be installed meanwhile
            bound = Bound.YES;
        }
    }

    private static boolean bound; // @GuardedBy("Hiredis.class")

    /** No exception may reach C. What fails in a callback of a connection is that connection's failure. */
    private static void with(long data, Consumer<RedisConnection> action) {
        RedisConnection connection = CONNECTIONS.get(data);
        if (connection != null) {
            try {
                action.accept(connection);
            } catch (Throwable thrown) {
                connection.broke(thrown);
            }
        }
    }

    private static byte[] bytes(String text) {
        return (text + "\0").getBytes(StandardCharsets.UTF_8);
    }

    // ---------------------------------------------------------------- contexts; callbacks of the connection's watcher
    // only

    /** Returns the context of a connection that is begun, or has failed already; 0 if there is no memory. */
    static long connect(RedisOptions.Target target) {
        return switch (target) {
            case RedisOptions.Address(String address, int port) ->
                HiredisNatives.redisAsyncConnect(bytes(address), port);
            case RedisOptions.UnixPath(String path) -> HiredisNatives.redisAsyncConnectUnix(bytes(path));
        };
    }

    /** Gives a context our hooks. It asks for interest at once. */
    static void attach(long context, long handle) {
        Pointer at = CLibrary.at(context);
        at.setLong(EV_DATA, handle);
        at.setLong(EV_ADD_READ, ADD_READ_AT);
        at.setLong(EV_DEL_READ, DEL_READ_AT);
        at.setLong(EV_ADD_WRITE, ADD_WRITE_AT);
        at.setLong(EV_DEL_WRITE, DEL_WRITE_AT);
        at.setLong(EV_CLEANUP, CLEANUP_AT);
        HiredisNatives.redisAsyncSetConnectCallback(context, CONNECTED_AT);
    }

    static int descriptorOf(long context) {
        return CLibrary.at(context).getInt(CONTEXT_FD);
    }

    static int errorOf(long context) {
        return CLibrary.at(context).getInt(ERR);
    }

    static String errorTextOf(long context) {
        return CLibrary.textAt(CLibrary.addressAt(context + ERRSTR));
    }

    private static long dataOf(long context) {
        return CLibrary.at(context).getLong(EV_DATA);
    }

    /** Returns whether hiredis took it; it does not once it disconnects. */
    static boolean send(long context, long handle, byte[] command, boolean answeredByPushes) {
        long callback = answeredByPushes ? PUSHED_AT : REPLIED_AT;
        return HiredisNatives.redisAsyncFormattedCommand(context, callback, handle, command, command.length) == 0;
    }

    // ---------------------------------------------------------------- replies

    /** Copies what hiredis frees when its callback returns. */
    static RedisReply copyOf(long reply) {
        Pointer at = CLibrary.at(reply);
        int type = at.getInt(0);
        return switch (type) {
            case 1 -> new RedisReply.Bulk(bytesOf(at));
            case 2 -> new RedisReply.Many(elementsOf(at));
            case 3 -> new RedisReply.Whole(at.getLong(REPLY_INTEGER));
            case 4 -> RedisReply.Nil.NIL;
            case 5 -> new RedisReply.Status(textOf(at));
            case 6 -> new RedisReply.Failed(textOf(at));
            default -> throw new AssertionError("hiredis made a reply of type " + type);
        };
    }

    private static List<RedisReply> elementsOf(Pointer reply) {
        int count = Math.toIntExact(reply.getLong(REPLY_ELEMENTS));
        List<RedisReply> elements = new ArrayList<>(count);
        if (count > 0) {
            for (long element : reply.getPointer(REPLY_ELEMENT).getLongArray(0, count)) {
                elements.add(copyOf(element));
            }
        }
        return elements;
    }

    private static byte[] bytesOf(Pointer reply) {
        int length = Math.toIntExact(reply.getLong(REPLY_LENGTH));
        return reply.getPointer(REPLY_TEXT).getByteArray(0, length);
    }

    private static String textOf(Pointer reply) {
        return new String(bytesOf(reply), StandardCharsets.UTF_8);
    }
}
