package io.amphio.evented.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.amphio.net.LookupException.Reason;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Type;

class AnswerCacheTest {
    private static final long BORN = -5; // clocks begin anywhere
    private final AnswerCache cache = new AnswerCache(4);

    private static Question fourth(String name) {
        return new Question(Zone.name(name), Type.A);
    }

    private static Answer found(int last, long seconds) {
        return new Answer.Found(List.of(InetAddress.ofLiteral("192.0.2." + last)), Zone.name("a"), seconds);
    }

    private static long after(long seconds) {
        return BORN + TimeUnit.SECONDS.toNanos(seconds);
    }

    @Test
    void what_is_put_is_there_until_its_time_is_up_and_not_an_instant_longer() {
        Answer answer = found(1, 10);
        cache.put(fourth("a.example"), answer, BORN);
        assertSame(answer, cache.get(fourth("A.EXAMPLE"), BORN));
        assertSame(answer, cache.get(fourth("a.example"), after(10) - 1));
        assertNull(cache.get(fourth("a.example"), after(10)));
        assertEquals(0, cache.size(), "an entry that has expired goes when it is seen");
        assertNull(cache.get(fourth("b.example"), BORN));
    }

    @Test
    void a_time_that_is_too_long_is_cut_and_one_of_zero_is_not_kept() {
        cache.put(fourth("a.example"), found(1, Long.MAX_VALUE), BORN);
        assertNull(cache.get(fourth("a.example"), after(TimeUnit.DAYS.toSeconds(1))));
        cache.put(fourth("a.example"), new Answer.NoSuchName(Long.MAX_VALUE), BORN);
        assertNull(cache.get(fourth("a.example"), after(TimeUnit.MINUTES.toSeconds(15))));
        cache.put(fourth("a.example"), found(1, 0), BORN);
        cache.put(fourth("b.example"), new Answer.Failed(Reason.NO_ANSWER, ""), BORN);
        assertEquals(0, cache.size());
    }

    @Test
    void that_there_is_none_is_kept_too() {
        cache.put(fourth("a.example"), new Answer.NoSuchName(30), BORN);
        cache.put(fourth("b.example"), new Answer.NoAddress(30), BORN);
        assertEquals(new Answer.NoSuchName(30), cache.get(fourth("a.example"), after(29)));
        assertEquals(new Answer.NoAddress(30), cache.get(fourth("b.example"), after(29)));
    }

    @Test
    void a_later_answer_takes_the_place_of_an_earlier_one() {
        cache.put(fourth("a.example"), found(1, 10), BORN);
        cache.put(fourth("a.example"), found(2, 10), after(5));
        assertEquals(1, cache.size());
        assertEquals(found(2, 10), cache.get(fourth("a.example"), after(14)));
        cache.put(fourth("a.example"), found(3, 0), after(14));
        assertNull(cache.get(fourth("a.example"), after(14)), "what is true no longer must not stay");
    }

    @Test
    void names_with_the_same_beginning_and_both_families_are_kept_apart() {
        String prefix = "a".repeat(60) + "." + "b".repeat(60) + ".";
        cache.put(fourth(prefix + "c.example"), found(1, 10), BORN);
        cache.put(fourth(prefix + "d.example"), found(2, 10), BORN);
        cache.put(new Question(Zone.name(prefix + "c.example"), Type.AAAA), new Answer.NoAddress(10), BORN);
        assertEquals(found(1, 10), cache.get(fourth(prefix + "c.example"), BORN));
        assertEquals(found(2, 10), cache.get(fourth(prefix + "d.example"), BORN));
        assertEquals(
                new Answer.NoAddress(10), cache.get(new Question(Zone.name(prefix + "c.example"), Type.AAAA), BORN));
    }

    @Test
    void the_one_that_nobody_asked_for_the_longest_time_makes_room() {
        for (int i = 0; i < 4; i++) {
            cache.put(fourth(i + ".example"), found(i, 10), BORN);
        }
        assertEquals(found(0, 10), cache.get(fourth("0.example"), BORN));
        for (int i = 4; i < 7; i++) {
            cache.put(fourth(i + ".example"), found(i, 10), BORN);
            assertEquals(4, cache.size());
        }
        assertEquals(found(0, 10), cache.get(fourth("0.example"), BORN));
        for (int i = 1; i < 4; i++) {
            assertNull(cache.get(fourth(i + ".example"), BORN));
        }
        for (int i = 4; i < 7; i++) {
            assertEquals(found(i, 10), cache.get(fourth(i + ".example"), BORN));
        }
    }

    @Test
    void others_are_still_found_when_one_has_expired() {
        cache.put(fourth("a.example"), found(1, 1), BORN);
        cache.put(fourth("b.example"), found(2, 10), BORN);
        cache.put(fourth("c.example"), found(3, 10), BORN);
        assertNull(cache.get(fourth("a.example"), after(5)));
        assertEquals(found(2, 10), cache.get(fourth("b.example"), after(5)));
        assertEquals(found(3, 10), cache.get(fourth("c.example"), after(5)));
    }

    @Test
    void an_answer_of_very_many_addresses_comes_back_whole() {
        List<InetAddress> many = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            many.add(InetAddress.ofLiteral("10.0." + i / 250 + "." + i % 250));
            many.add(InetAddress.ofLiteral("2001:db8::" + Integer.toHexString(i)));
        }
        Answer answer = new Answer.Found(many, Zone.name("a"), 10);
        cache.put(fourth("a.example"), answer, BORN);
        assertEquals(answer, cache.get(fourth("a.example"), BORN));
    }

    @Test
    void one_without_room_keeps_nothing() {
        AnswerCache none = new AnswerCache(0);
        none.put(fourth("a.example"), found(1, 10), BORN);
        assertNull(none.get(fourth("a.example"), BORN));
    }
}
