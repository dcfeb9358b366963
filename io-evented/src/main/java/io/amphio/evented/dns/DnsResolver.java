package io.amphio.evented.dns;

import io.amphio.Future;
import io.amphio.Io;
import io.amphio.Select;
import io.amphio.TaskOptions;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.net.HostAddresses;
import io.amphio.net.HostName;
import io.amphio.net.LookupException;
import io.amphio.net.LookupException.Reason;
import io.amphio.net.LookupOptions;
import io.amphio.net.NameServers;
import io.amphio.net.Resolver;
import io.amphio.net.ResolverOptions;
import io.amphio.spi.SharedCalls;
import io.amphio.spi.Waits;
import io.amphio.spi.names.AddressOrder;
import io.amphio.spi.names.LocalNames;
import io.vavr.control.Option;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * Our own resolver, written against an {@link Io} alone: its sockets, files, tasks and clock. So a lookup takes no thread, and in a
 * simulated world it is part of that.
 *
 * <p>A name is looked for in this order: what is answered by itself ({@link LocalNames}), {@code hosts}, and the servers, there as it
 * is and in the search domains. The first place that knows the name, counts; a server that fails ends the search, as the name
 * might mean another host further on. A and AAAA are asked for at the same time, each by a task of its own that all who ask the same
 * share.
 *
 * <p><b>Threads:</b> any.
 */
public final class DnsResolver implements Resolver {
    private final Io owner;
    private final Transport transport;
    private final IntUnaryOperator chance;
    private final AddressOrder.Sources sources;
    private final @Nullable NameServers givenServers;
    private final WatchedFile<NameServers> resolvConf;
    private final @Nullable Hosts givenHosts;
    private final WatchedFile<Hosts> hostsFile;
    private final AnswerCache cache;
    private final SharedCalls<Question, Answer> queries = new SharedCalls<>();
    private final AtomicInteger turns = new AtomicInteger(); // of servers that take turns

    /**
     * Creates it.
     *
     * @param owner whose sockets, files, tasks and clock it uses, from the first lookup on; it runs no task inline
     * @param options servers and hosts, or where they are told
     * @param chance returns a number from 0 to below its argument that nobody outside can guess
     * @param sources tells what is sent from, for the order of addresses
     */
    public DnsResolver(Io owner, ResolverOptions options, IntUnaryOperator chance, AddressOrder.Sources sources) {
        this.owner = owner;
        this.transport = new IoTransport(owner, chance);
        this.sources = sources;
        this.chance = chance;
        this.givenServers = options.nameServers().getOrNull();
        this.resolvConf = new WatchedFile<>(owner, options.resolvConf(), ResolvConf::parse);
        this.givenHosts = options.hosts().map(Hosts::of).getOrNull();
        this.hostsFile = new WatchedFile<>(owner, options.hostsFile(), Hosts::parse);
        this.cache = new AnswerCache(options.cacheEntries());
    }

    @Override
    public HostAddresses lookup(Io io, HostName host, LookupOptions options) throws IOException {
        return lookup(io, host, options, _ -> {});
    }

    @Override
    public HostAddresses lookup(Io io, HostName host, LookupOptions options, Consumer<HostAddresses> early)
            throws IOException {
        Waits.begin(io, options.timeout(), "lookup " + host);
        HostAddresses found = LocalNames.find(host, options);
        if (found == null) {
            found = findInTime(io, host, options, each -> early.accept(sorted(each)));
        }
        return sorted(found);
    }

    private HostAddresses sorted(HostAddresses found) {
        return new HostAddresses(found.host(), AddressOrder.sort(found.addresses(), sources), found.canonicalName());
    }

    private HostAddresses findInTime(Io io, HostName host, LookupOptions options, Consumer<HostAddresses> early)
            throws IOException {
        long startedNanos = io.clock().nanoTime();
        try {
            return io.withTimeout(options.timeout(), () -> find(io, host, options, early));
        } catch (TimedOutException passed) {
            throw Waits.timedOut("lookup " + host, io.clock().nanoTime() - startedNanos);
        }
    }

    private HostAddresses find(Io io, HostName host, LookupOptions options, Consumer<HostAddresses> early)
            throws IOException {
        long nowNanos = owner.clock().nanoTime();
        Hosts hosts = givenHosts != null ? givenHosts : hostsFile.get(io, nowNanos);
        Hosts.Entry entry = hosts.find(host);
        if (entry != null) {
            return LocalNames.of(host, options, entry.canonical(), entry.addresses());
        }
        NameServers servers = givenServers != null ? givenServers : resolvConf.get(io, nowNanos);
        Dnsjava.prepare();
        boolean exists = false;
        for (Name candidate : candidates(host, servers)) {
            HostAddresses found = null;
            switch (ask(io, options, candidate, servers, answer -> early.accept(addresses(host, options, answer)))) {
                case Answer.Found answer -> found = addresses(host, options, answer);
                case Answer.NoAddress _ -> exists = true;
                case Answer.NoSuchName _ -> {}
                case Answer.Failed(Reason reason, String detail) -> throw new LookupException(host, reason, detail);
            }
            if (found != null) {
                return found;
            }
        }
        throw exists
                ? new LookupException(host, Reason.NO_ADDRESS, options.family().toString())
                : new LookupException(host, Reason.NO_SUCH_NAME, null);
    }

    private static HostAddresses addresses(HostName host, LookupOptions options, Answer.Found answer) {
        Option<HostName> canonical = Option.none();
        if (options.wantsCanonicalName()) {
            try {
                canonical = Option.some(HostName.of(answer.canonical().toString(true)));
            } catch (IllegalArgumentException noHostName) {
                canonical = Option.none(); // to DNS, any bytes are a name
            }
        }
        return new HostAddresses(host, answer.addresses(), canonical);
    }

    // ---------------------------------------------------------------- candidates

    /** Returns the absolute names that {@code host} may mean, in the order in which they are tried. */
    private static List<Name> candidates(HostName host, NameServers servers) throws LookupException {
        List<Name> candidates = new ArrayList<>();
        Name absolute = name(host, Name.root);
        if (host.isAbsolute()) {
            return List.of(absolute);
        }
        long dots = host.ascii().chars().filter(each -> each == '.').count();
        if (dots >= servers.ndots()) {
            candidates.add(absolute);
        }
        for (HostName domain : servers.search()) {
            try {
                candidates.add(Name.concatenate(name(host, Name.empty), name(domain, Name.root)));
            } catch (NameTooLongException tooLong) {
                // there can be no such name
            }
        }
        if (dots < servers.ndots()) {
            candidates.add(absolute);
        }
        return candidates;
    }

    private static Name name(HostName host, Name origin) throws LookupException {
        try {
            return Name.fromString(host.ascii(), origin == Name.empty ? null : origin);
        } catch (TextParseException refused) {
            throw new LookupException(host, Reason.NO_SUCH_NAME, refused.getMessage());
        }
    }

    // ---------------------------------------------------------------- questions

    private Answer ask(Io io, LookupOptions options, Name name, NameServers servers, Consumer<Answer.Found> early) {
        Question sixth = new Question(name, Type.AAAA);
        Question fourth = new Question(name, Type.A);
        return switch (options.family()) {
            case IPV4 -> ask(io, fourth, servers);
            case IPV6 -> ask(io, sixth, servers);
            case ANY -> askBoth(io, sixth, fourth, servers, early);
        };
    }

    /** Asks for both side by side; who finds something first, tells it. */
    private Answer askBoth(Io io, Question sixth, Question fourth, NameServers servers, Consumer<Answer.Found> early) {
        Answer known = cached(fourth);
        if (known != null) {
            return both(ask(io, sixth, servers, known, early), known);
        }
        known = cached(sixth);
        if (known != null) {
            return both(known, ask(io, fourth, servers, known, early));
        }
        try (var asked = start(sixth, servers);
                var alsoAsked = start(fourth, servers)) {
            boolean isSixthFirst = new Select<Boolean>()
                    .inOrder()
                    .on(asked.doneArm(), _ -> true)
                    .on(alsoAsked.doneArm(), _ -> false)
                    .await(io);
            Answer first = (isSixthFirst ? asked : alsoAsked).await(io, Timeout.NONE);
            if (first instanceof Answer.Found found) {
                early.accept(found);
            }
            Answer second = (isSixthFirst ? alsoAsked : asked).await(io, Timeout.NONE);
            return isSixthFirst ? both(first, second) : both(second, first);
        }
    }

    /** Asks for one family, and tells first what is known of the other, unless both are. */
    private Answer ask(Io io, Question question, NameServers servers, Answer known, Consumer<Answer.Found> early) {
        if (known instanceof Answer.Found found && cached(question) == null) {
            early.accept(found);
        }
        return ask(io, question, servers);
    }

    private Answer ask(Io io, Question question, NameServers servers) {
        Answer known = cached(question);
        if (known != null) {
            return known;
        }
        try (var asked = start(question, servers)) {
            return asked.await(io, Timeout.NONE);
        }
    }

    private @Nullable Answer cached(Question question) {
        return cache.get(question, owner.clock().nanoTime());
    }

    private SharedCalls<Question, Answer>.Asked start(Question question, NameServers servers) {
        String name = "lookup " + question;
        return queries.ask(question, name, () -> start(name, question, servers));
    }

    private Future<Answer> start(String name, Question question, NameServers servers) {
        int first = servers.isRotating()
                ? Math.floorMod(turns.getAndIncrement(), servers.servers().size())
                : 0;
        return owner.async(TaskOptions.named(name), () -> {
            Answer answer = new Query(owner, transport, chance, servers, first).run(question);
            cache.put(question, answer, owner.clock().nanoTime());
            return answer;
        });
    }

    /** What one family has is enough; that nobody said whether there is more weighs more than that there is none. */
    private static Answer both(Answer sixth, Answer fourth) {
        if (sixth instanceof Answer.Found some && fourth instanceof Answer.Found others) {
            List<InetAddress> all = new ArrayList<>(some.addresses());
            all.addAll(others.addresses());
            return new Answer.Found(all, some.canonical(), Math.min(some.seconds(), others.seconds()));
        }
        return weight(sixth) >= weight(fourth) ? sixth : fourth;
    }

    private static int weight(Answer answer) {
        return switch (answer) {
            case Answer.Found _ -> 3;
            case Answer.Failed _ -> 2;
            case Answer.NoAddress _ -> 1;
            case Answer.NoSuchName _ -> 0;
        };
    }

    @Override
    public String toString() {
        return "DnsResolver[" + queries.size() + " queries, " + cache.size() + " answers kept]";
    }
}
