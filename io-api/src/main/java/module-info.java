/** One {@code Io} interface for code that waits, and everything of it that no implementation owns. */
module io.amphio {
    requires transitive io.vavr;
    requires static transitive org.jspecify;
}
