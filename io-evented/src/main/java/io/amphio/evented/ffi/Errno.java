package io.amphio.evented.ffi;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The error numbers of one system: what each is called, and what it means in words. The words are ours and the same
 * everywhere, whatever the user's language is.
 */
public final class Errno {
    /** By number, from 1. A dash is a number without a meaning. POWER has a number of its own for EDEADLOCK; nobody needs it. */
    private static final String LINUX = """
            EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN ENOMEM EACCES EFAULT ENOTBLK EBUSY EEXIST
            EXDEV ENODEV ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY EFBIG ENOSPC ESPIPE EROFS EMLINK EPIPE EDOM
            ERANGE EDEADLK ENAMETOOLONG ENOLCK ENOSYS ENOTEMPTY ELOOP - ENOMSG EIDRM ECHRNG EL2NSYNC EL3HLT EL3RST ELNRNG
            EUNATCH ENOCSI EL2HLT EBADE EBADR EXFULL ENOANO EBADRQC EBADSLT - EBFONT ENOSTR ENODATA ETIME ENOSR ENONET
            ENOPKG EREMOTE ENOLINK EADV ESRMNT ECOMM EPROTO EMULTIHOP EDOTDOT EBADMSG EOVERFLOW ENOTUNIQ EBADFD EREMCHG
            ELIBACC ELIBBAD ELIBSCN ELIBMAX ELIBEXEC EILSEQ ERESTART ESTRPIPE EUSERS ENOTSOCK EDESTADDRREQ EMSGSIZE
            EPROTOTYPE ENOPROTOOPT EPROTONOSUPPORT ESOCKTNOSUPPORT EOPNOTSUPP EPFNOSUPPORT EAFNOSUPPORT EADDRINUSE
            EADDRNOTAVAIL ENETDOWN ENETUNREACH ENETRESET ECONNABORTED ECONNRESET ENOBUFS EISCONN ENOTCONN ESHUTDOWN
            ETOOMANYREFS ETIMEDOUT ECONNREFUSED EHOSTDOWN EHOSTUNREACH EALREADY EINPROGRESS ESTALE EUCLEAN ENOTNAM ENAVAIL
            EISNAM EREMOTEIO EDQUOT ENOMEDIUM EMEDIUMTYPE ECANCELED ENOKEY EKEYEXPIRED EKEYREVOKED EKEYREJECTED EOWNERDEAD
            ENOTRECOVERABLE ERFKILL EHWPOISON
            """;

    private static final String BSD = """
            EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EDEADLK ENOMEM EACCES EFAULT ENOTBLK EBUSY EEXIST
            EXDEV ENODEV ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY EFBIG ENOSPC ESPIPE EROFS EMLINK EPIPE EDOM
            ERANGE EAGAIN EINPROGRESS EALREADY ENOTSOCK EDESTADDRREQ EMSGSIZE EPROTOTYPE ENOPROTOOPT EPROTONOSUPPORT
            ESOCKTNOSUPPORT EOPNOTSUPP EPFNOSUPPORT EAFNOSUPPORT EADDRINUSE EADDRNOTAVAIL ENETDOWN ENETUNREACH ENETRESET
            ECONNABORTED ECONNRESET ENOBUFS EISCONN ENOTCONN ESHUTDOWN ETOOMANYREFS ETIMEDOUT ECONNREFUSED ELOOP
            ENAMETOOLONG EHOSTDOWN EHOSTUNREACH ENOTEMPTY EPROCLIM EUSERS EDQUOT ESTALE EREMOTE EBADRPC ERPCMISMATCH
            EPROGUNAVAIL EPROGMISMATCH EPROCUNAVAIL ENOLCK ENOSYS EFTYPE EAUTH ENEEDAUTH
            """;

    private static final String MACOS = BSD + """
            EPWROFF EDEVERR EOVERFLOW EBADEXEC EBADARCH ESHLIBVERS EBADMACHO ECANCELED EIDRM ENOMSG EILSEQ ENOATTR EBADMSG
            EMULTIHOP ENODATA ENOLINK ENOSR ENOSTR EPROTO ETIME - ENOPOLICY ENOTRECOVERABLE EOWNERDEAD EQFULL
            """; // 102 is EOPNOTSUPP once more; on macOS, 45 is ENOTSUP

    private static final String FREEBSD = BSD + """
            EIDRM ENOMSG EOVERFLOW ECANCELED EILSEQ ENOATTR EDOOFUS EBADMSG EMULTIHOP ENOLINK EPROTO ENOTCAPABLE ECAPMODE
            ENOTRECOVERABLE EOWNERDEAD EINTEGRITY
            """;

    /** Those that a user of ours may meet; any other is told by its symbol alone. */
    private static final String WORDS = """
            EPERM operation not permitted
            ENOENT no such file or directory
            EINTR interrupted by a signal
            EIO input/output error
            ENXIO no such device or address
            EBADF bad file descriptor
            EAGAIN not ready now
            ENOMEM cannot allocate memory
            EACCES permission denied
            EFAULT bad address
            EBUSY device or resource busy
            EEXIST file exists
            EXDEV invalid cross-device link
            ENODEV no such device
            ENOTDIR not a directory
            EISDIR is a directory
            EINVAL invalid argument
            ENFILE too many open files in system
            EMFILE too many open files
            ENOTTY not a terminal
            ETXTBSY text file busy
            EFBIG file too large
            ENOSPC no space left on device
            ESPIPE illegal seek
            EROFS read-only file system
            EMLINK too many links
            EPIPE broken pipe
            EDEADLK resource deadlock avoided
            ENAMETOOLONG file name too long
            ENOSYS function not implemented
            ENOTEMPTY directory not empty
            ELOOP too many levels of symbolic links
            EOVERFLOW value too large
            ENOTSOCK not a socket
            EDESTADDRREQ destination address required
            EMSGSIZE message too long
            EPROTO protocol error
            EPROTOTYPE protocol wrong type for socket
            ENOPROTOOPT protocol not available
            EPROTONOSUPPORT protocol not supported
            EOPNOTSUPP operation not supported
            EAFNOSUPPORT address family not supported
            EADDRINUSE address already in use
            EADDRNOTAVAIL cannot assign requested address
            ENETDOWN network is down
            ENETUNREACH network is unreachable
            ENETRESET connection reset by the network
            ECONNABORTED connection aborted
            ECONNRESET connection reset by peer
            ENOBUFS no buffer space available
            EISCONN the socket is connected already
            ENOTCONN the socket is not connected
            ESHUTDOWN the socket was shut down
            ETIMEDOUT connection timed out
            ECONNREFUSED connection refused
            EHOSTDOWN host is down
            EHOSTUNREACH no route to host
            EALREADY the socket is being connected already
            EINPROGRESS operation now in progress
            ESTALE stale file handle
            EDQUOT disk quota exceeded
            ECANCELED operation canceled
            """;

    private static final Map<String, String> WORDS_BY_SYMBOL = words();

    private final String[] symbols; // by number
    private final Map<String, Integer> numbers = new HashMap<>();

    private Errno(String table) {
        symbols = ("- " + table).split("\\s+");
        for (int number = 1; number < symbols.length; number++) {
            numbers.putIfAbsent(symbols[number], number);
        }
    }

    private static Map<String, String> words() {
        Map<String, String> words = new HashMap<>();
        WORDS.lines()
                .forEach(
                        line -> words.put(line.substring(0, line.indexOf(' ')), line.substring(line.indexOf(' ') + 1)));
        return words;
    }

    /**
     * Returns the numbers of a system.
     *
     * @param abi which system
     * @return its table
     */
    public static Errno of(Abi abi) {
        return new Errno(
                switch (abi.os()) {
                    case LINUX -> LINUX;
                    case MACOS -> MACOS;
                    case FREEBSD -> FREEBSD;
                });
    }

    /**
     * Returns the number of an error.
     *
     * @param symbol {@code ENOENT}, say
     * @return its number on this system
     */
    public int number(String symbol) {
        Integer number = numbers.get(symbol);
        if (number == null) {
            throw new AssertionError("this system has no " + symbol);
        }
        return number;
    }

    /**
     * Returns the symbol of an error.
     *
     * @param number more than 0
     * @return {@code ENOENT}, say; null if the system has no such number
     */
    public @Nullable String symbol(int number) {
        return number <= 0 || number >= symbols.length || symbols[number].equals("-") ? null : symbols[number];
    }

    /**
     * Returns what an error means.
     *
     * @param number more than 0
     * @return words in lower case
     */
    public String words(int number) {
        String symbol = symbol(number);
        String words = symbol == null ? null : WORDS_BY_SYMBOL.get(symbol);
        return words != null ? words : "error " + number;
    }
}
