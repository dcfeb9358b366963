package io.amphio.examples.redis;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The commands that concern the database: none of them waits, so each is done as a whole under the mutex of the server.
 *
 * <p><b>Threads:</b> whoever uses it holds the server's mutex.
 */
final class Commands {
    /** What a command does. Words are its name and its arguments. */
    private interface Action {
        void run(List<String> words, Replies out);
    }

    private record Command(int least, int most, Action action) {}

    private static final int ANY = Integer.MAX_VALUE;
    private static final String NO_INTEGER = "ERR value is not an integer or out of range";

    private final Map<String, Command> table = new HashMap<>();
    private final Database database;
    private final Topics topics;

    Commands(Database database, Topics topics) {
        this.database = database;
        this.topics = topics;
        addKeys();
        addStrings();
        addCollections();
        addForTools();
    }

    /** Does a command, and tells its outcome to {@code out}, an error as well. */
    void run(List<String> words, Replies out) {
        String name = words.getFirst();
        Command command = table.get(name.toUpperCase(Locale.ROOT));
        int arguments = words.size() - 1;
        if (command == null) {
            out.error("ERR unknown command '" + name.substring(0, Math.min(name.length(), 128)) + "'");
        } else if (arguments < command.least || arguments > command.most) {
            out.error("ERR wrong number of arguments for '" + name.toLowerCase(Locale.ROOT) + "' command");
        } else {
            try {
                command.action.run(words, out);
            } catch (CommandException refused) {
                out.error(String.valueOf(refused.getMessage()));
            }
        }
    }

    private void add(String name, int least, int most, Action action) {
        table.put(name, new Command(least, most, action));
    }

    // ---------------------------------------------------------------- keys

    private void addKeys() {
        add(
                "DEL",
                1,
                ANY,
                (words, out) -> out.number(count(words, key -> {
                    return database.get(key) != null && database.remove(key); // not one that has expired
                })));
        add("EXISTS", 1, ANY, (words, out) -> out.number(count(words, key -> database.get(key) != null)));
        add("EXPIRE", 2, 2, (words, out) -> {
            String key = words.get(1);
            long seconds = integer(words.get(2));
            boolean present = database.get(key) != null;
            if (present && seconds <= 0) {
                database.remove(key);
            } else if (present) {
                database.expireAfter(key, Duration.ofSeconds(seconds));
            }
            out.number(present ? 1 : 0);
        });
        add("TTL", 1, 1, (words, out) -> {
            boolean present = database.get(words.get(1)) != null;
            Duration left = database.remaining(words.get(1));
            out.number(!present ? -2 : left == null ? -1 : left.plusMillis(500).toSeconds());
        });
        add("PERSIST", 1, 1, (words, out) -> {
            String key = words.get(1);
            boolean expires = database.get(key) != null && database.remaining(key) != null;
            database.persist(key);
            out.number(expires ? 1 : 0);
        });
        add(
                "TYPE",
                1,
                1,
                (words, out) -> out.simple(
                        switch (database.get(words.get(1))) {
                            case null -> "none";
                            case String _ -> "string";
                            case Deque<?> _ -> "list";
                            case Members _ -> "set";
                            case SortedMembers _ -> "zset";
                            default -> "hash";
                        }));
        add("DBSIZE", 0, 0, (_, out) -> out.number(database.size()));
        add("FLUSHALL", 0, 1, (_, out) -> {
            database.clear();
            out.ok();
        });
    }

    private interface Test {
        boolean holdsFor(String key);
    }

    private static int count(List<String> words, Test test) {
        int count = 0;
        for (String key : words.subList(1, words.size())) {
            count += test.holdsFor(key) ? 1 : 0;
        }
        return count;
    }

    // ---------------------------------------------------------------- strings

    private void addStrings() {
        add("GET", 1, 1, (words, out) -> out.bulk(database.get(words.get(1), String.class)));
        add("SET", 2, ANY, this::set);
        add("MGET", 1, ANY, (words, out) -> {
            out.array(words.size() - 1);
            for (String key : words.subList(1, words.size())) {
                out.bulk(database.get(key) instanceof String text ? text : null);
            }
        });
        add("MSET", 2, ANY, (words, out) -> {
            requirePairs(words, 1);
            for (int i = 1; i < words.size(); i += 2) {
                database.persist(words.get(i));
                database.put(words.get(i), words.get(i + 1));
            }
            out.ok();
        });
        add("INCR", 1, 1, (words, out) -> out.number(increase(words.get(1), 1)));
        add("DECR", 1, 1, (words, out) -> out.number(increase(words.get(1), -1)));
        add("INCRBY", 2, 2, (words, out) -> out.number(increase(words.get(1), integer(words.get(2)))));
    }

    private void set(List<String> words, Replies out) {
        String key = words.get(1);
        Duration limit = null;
        boolean keepsLimit = false;
        Boolean mustBePresent = null;
        for (int i = 3; i < words.size(); i++) {
            String option = words.get(i).toUpperCase(Locale.ROOT);
            boolean expires = option.equals("EX") || option.equals("PX");
            if (expires && i + 1 < words.size() && limit == null && !keepsLimit) {
                long amount = integer(words.get(++i));
                if (amount <= 0) {
                    throw new CommandException("ERR invalid expire time in 'set' command");
                }
                limit = option.equals("EX") ? Duration.ofSeconds(amount) : Duration.ofMillis(amount);
            } else if (option.equals("KEEPTTL") && limit == null) {
                keepsLimit = true;
            } else if ((option.equals("NX") || option.equals("XX")) && mustBePresent == null) {
                mustBePresent = option.equals("XX");
            } else {
                throw new CommandException("ERR syntax error");
            }
        }
        if (mustBePresent != null && mustBePresent != (database.get(key) != null)) {
            out.bulk(null);
            return;
        }
        if (limit != null) {
            database.expireAfter(key, limit);
        } else if (!keepsLimit || database.get(key) == null) {
            database.persist(key);
        }
        database.put(key, words.get(2));
        out.ok();
    }

    private long increase(String key, long by) {
        String before = database.get(key, String.class);
        try {
            long after = Math.addExact(before == null ? 0 : integer(before), by);
            database.put(key, Long.toString(after));
            return after;
        } catch (ArithmeticException overflow) {
            throw new CommandException("ERR increment or decrement would overflow");
        }
    }

    private static long integer(String text) {
        try {
            long value = Long.parseLong(text);
            if (Long.toString(value).equals(text)) { // no plus, no zeros in front
                return value;
            }
        } catch (NumberFormatException none) {
            // As below.
        }
        throw new CommandException(NO_INTEGER);
    }

    private static void requirePairs(List<String> words, int from) {
        if ((words.size() - from) % 2 != 0) {
            throw new CommandException(
                    "ERR wrong number of arguments for '" + words.getFirst().toLowerCase(Locale.ROOT) + "' command");
        }
    }

    // ---------------------------------------------------------------- lists, sets, hashes, sorted sets

    private void addCollections() {
        add("LPUSH", 2, ANY, (words, out) -> push(words, true, out));
        add("RPUSH", 2, ANY, (words, out) -> push(words, false, out));
        add("LPOP", 1, 2, (words, out) -> pop(words, true, out));
        add("RPOP", 1, 2, (words, out) -> pop(words, false, out));
        add("LLEN", 1, 1, (words, out) -> {
            Deque<String> list = list(words.get(1));
            out.number(list == null ? 0 : list.size());
        });
        add("LRANGE", 3, 3, this::range);
        add("SADD", 2, ANY, (words, out) -> {
            Members set = database.getOrAdd(words.get(1), Members.class, Members::new);
            out.number(count(words.subList(1, words.size()), set::add));
        });
        add("SPOP", 1, 1, (words, out) -> {
            Members set = database.get(words.get(1), Members.class);
            out.bulk(set == null ? null : set.pop());
            removeIf(set != null && set.size() == 0, words.get(1));
        });
        add("HSET", 3, ANY, this::setFields);
        add("HGET", 2, 2, (words, out) -> {
            Map<?, ?> hash = database.get(words.get(1), Map.class);
            out.bulk(hash == null ? null : (String) hash.get(words.get(2)));
        });
        add("ZADD", 3, ANY, this::addScored);
        add("ZPOPMIN", 1, 2, this::popLowest);
    }

    @SuppressWarnings("unchecked") // all lists are of strings
    private @Nullable Deque<String> list(String key) {
        return database.get(key, Deque.class);
    }

    @SuppressWarnings("unchecked") // as above
    private void push(List<String> words, boolean first, Replies out) {
        Deque<String> list = database.getOrAdd(words.get(1), Deque.class, ArrayDeque::new);
        words.subList(2, words.size()).forEach(first ? list::addFirst : list::addLast);
        out.number(list.size());
    }

    private void pop(List<String> words, boolean first, Replies out) {
        Deque<String> list = list(words.get(1));
        boolean many = words.size() > 2;
        int most = many ? positive(words.get(2)) : 1;
        if (list == null) {
            Replies _ = many ? out.noArray() : out.bulk(null);
            return;
        }
        int count = Math.min(most, list.size());
        if (many) {
            out.array(count);
        }
        for (int i = 0; i < count; i++) {
            out.bulk(first ? list.removeFirst() : list.removeLast());
        }
        removeIf(list.isEmpty(), words.get(1));
    }

    /** As with Redis, what is far from the first element takes longer to get at. */
    private void range(List<String> words, Replies out) {
        long from = integer(words.get(2));
        long to = integer(words.get(3));
        Deque<String> list = list(words.get(1));
        int size = list == null ? 0 : list.size();
        from = Math.max(0, from < 0 ? from + size : from);
        to = Math.min(size - 1, to < 0 ? to + size : to);
        if (list == null || from > to) {
            out.array(0);
        } else {
            int count = (int) (to - from) + 1;
            out.array(count);
            list.stream().skip(from).limit(count).forEach(out::bulk);
        }
    }

    @SuppressWarnings("unchecked") // as above
    private void setFields(List<String> words, Replies out) {
        requirePairs(words, 2);
        Map<String, String> hash = database.getOrAdd(words.get(1), Map.class, HashMap::new);
        int before = hash.size();
        for (int i = 2; i < words.size(); i += 2) {
            hash.put(words.get(i), words.get(i + 1));
        }
        out.number(hash.size() - before);
    }

    private void addScored(List<String> words, Replies out) {
        if (words.size() % 2 != 0) {
            throw new CommandException("ERR syntax error");
        }
        List<Double> scores = new ArrayList<>(); // all of them first, so that a wrong one changes nothing
        for (int i = 2; i < words.size(); i += 2) {
            scores.add(score(words.get(i)));
        }
        SortedMembers members = database.getOrAdd(words.get(1), SortedMembers.class, SortedMembers::new);
        int added = 0;
        for (int i = 0; i < scores.size(); i++) {
            added += members.put(words.get(2 * i + 3), scores.get(i)) ? 1 : 0;
        }
        out.number(added);
    }

    private static double score(String text) {
        try {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "inf", "+inf" -> Double.POSITIVE_INFINITY;
                case "-inf" -> Double.NEGATIVE_INFINITY;
                default -> {
                    double value = Double.parseDouble(text);
                    if (Double.isNaN(value)) {
                        throw new NumberFormatException("NaN");
                    }
                    yield value;
                }
            };
        } catch (NumberFormatException none) {
            throw new CommandException("ERR value is not a valid float");
        }
    }

    private void popLowest(List<String> words, Replies out) {
        SortedMembers members = database.get(words.get(1), SortedMembers.class);
        int most = words.size() > 2 ? positive(words.get(2)) : 1;
        int count = members == null ? 0 : Math.min(most, members.size());
        out.array(2 * count);
        for (int i = 0; members != null && i < count; i++) {
            SortedMembers.Scored lowest = members.popLowest();
            out.bulk(lowest.member()).bulk(text(lowest.score()));
        }
        removeIf(members != null && members.size() == 0, words.get(1));
    }

    private static String text(double score) {
        if (Double.isInfinite(score)) {
            return score > 0 ? "inf" : "-inf";
        }
        return score == (long) score ? Long.toString((long) score) : Double.toString(score);
    }

    private static int positive(String text) {
        long value = integer(text);
        if (value < 0) {
            throw new CommandException("ERR value is out of range, must be positive");
        }
        return (int) Math.min(value, Integer.MAX_VALUE);
    }

    private void removeIf(boolean empty, String key) {
        if (empty) {
            database.remove(key);
        }
    }

    // ---------------------------------------------------------------- what clients ask before they begin, and messages

    private void addForTools() {
        add("PING", 0, 1, (words, out) -> {
            if (words.size() > 1) {
                out.bulk(words.get(1));
            } else {
                out.simple("PONG");
            }
        });
        add("ECHO", 1, 1, (words, out) -> out.bulk(words.get(1)));
        add("PUBLISH", 2, 2, (words, out) -> out.number(topics.publish(words.get(1), words.get(2))));
        add("CONFIG", 1, ANY, (words, out) -> {
            Map<String, String> known = Map.of("save", "", "appendonly", "no", "maxmemory", "0");
            String value = words.size() > 2 ? known.get(words.get(2).toLowerCase(Locale.ROOT)) : null;
            out.bulks(value == null ? List.of() : List.of(words.get(2), value));
        });
        add("COMMAND", 0, ANY, (words, out) -> {
            boolean counts = words.size() == 2 && words.get(1).equalsIgnoreCase("COUNT");
            Replies _ = counts ? out.number(table.size()) : out.array(0);
        });
        add(
                "INFO",
                0,
                ANY,
                (_, out) -> out.bulk("# Server\r\nredis_version:7.0.0\r\nserver_name:amphio-demo\r\n"
                        + "# Keyspace\r\ndb0:keys=" + database.size() + "\r\n"));
        add("HELLO", 0, ANY, (words, out) -> {
            if (words.size() > 1 && !words.get(1).equals("2")) {
                throw new CommandException("NOPROTO this server speaks RESP2 only");
            }
            out.array(6)
                    .bulk("server")
                    .bulk("redis")
                    .bulk("version")
                    .bulk("7.0.0")
                    .bulk("proto")
                    .number(2);
        });
        add("CLIENT", 1, ANY, (_, out) -> out.ok());
        add("SELECT", 1, 1, (words, out) -> {
            if (integer(words.get(1)) != 0) {
                throw new CommandException("ERR DB index is out of range; this server has one database");
            }
            out.ok();
        });
    }
}
