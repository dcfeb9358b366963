package io.amphio.evented.dns;

import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/**
 * What a server is asked: the addresses of one family of a name.
 *
 * @param name absolute
 * @param type A or AAAA
 */
record Question(Name name, int type) {
    Question of(Name other) {
        return new Question(other, type);
    }

    @Override
    public String toString() {
        return name.toString(true) + " " + Type.string(type);
    }
}
