package io.amphio.evented.ffi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.amphio.evented.ffi.Abi.Arch;
import io.amphio.evented.ffi.Abi.Os;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Numbers and layouts of every system and processor, on any machine. Those of Linux on x86-64 were printed by a C program
 * with {@code offsetof} and {@code sizeof} (gcc 12, glibc 2.36); the others are from the headers of the systems.
 */
class LayoutTest {
    private static Abi linux(Arch arch) {
        return new Abi(Os.LINUX, arch);
    }

    private static final Abi MAC = new Abi(Os.MACOS, Arch.AARCH64);
    private static final Abi FREEBSD = new Abi(Os.FREEBSD, Arch.X86_64);

    @Test
    void the_properties_of_a_JVM_name_the_abi() {
        assertEquals(linux(Arch.X86_64), Abi.of("Linux", "amd64"));
        assertEquals(linux(Arch.AARCH64), Abi.of("Linux", "aarch64"));
        assertEquals(linux(Arch.RISCV64), Abi.of("Linux", "riscv64"));
        assertEquals(linux(Arch.PPC64LE), Abi.of("Linux", "ppc64le"));
        assertEquals(linux(Arch.S390X), Abi.of("Linux", "s390x"));
        assertEquals(MAC, Abi.of("Mac OS X", "aarch64"));
        assertEquals(FREEBSD, Abi.of("FreeBSD", "amd64"));
        assertNull(Abi.of("Windows 11", "amd64"));
        assertNull(Abi.of("Linux", "i386"));
    }

    @ParameterizedTest
    @EnumSource
    void an_epoll_event_is_packed_on_x86_64_only(Arch arch) {
        EpollLayout layout = EpollLayout.of(linux(arch));
        assertEquals(arch == Arch.X86_64 ? 12 : 16, layout.size());
        assertEquals(arch == Arch.X86_64 ? 4 : 8, layout.data());
    }

    @ParameterizedTest
    @EnumSource
    void sockets_of_linux(Arch arch) {
        SocketAbi abi = SocketAbi.of(linux(arch));
        assertEquals(10, abi.afInet6);
        assertEquals(0x800, abi.sockNonblock);
        assertEquals(0x80000, abi.sockCloexec);
        assertEquals(0x4000, abi.msgNosignal);
        assertEquals(1, abi.solSocket);
        assertEquals(2, abi.soReuseaddr);
        assertEquals(4, abi.soError);
        assertEquals(6, abi.soBroadcast);
        assertEquals(7, abi.soSndbuf);
        assertEquals(8, abi.soRcvbuf);
        assertEquals(9, abi.soKeepalive);
        assertEquals(13, abi.soLinger);
        assertEquals(15, abi.soReuseport);
        assertEquals(26, abi.ipv6V6only);
        assertEquals(67, abi.ipv6Tclass);
        assertEquals(4, abi.tcpKeepidle);
        assertEquals(12, abi.tcpQuickack);
        assertEquals(108, abi.sunPathSize);
        assertEquals(new SocketAbi.MessageLayout(8, 48, 56), abi.message);
        assertEquals(16, SocketAbi.SIN_SIZE);
        assertEquals(28, SocketAbi.SIN6_SIZE);
        assertEquals(24, SocketAbi.SIN6_SCOPE);
    }

    @Test
    void sockets_of_macos_and_freebsd() {
        SocketAbi mac = SocketAbi.of(MAC);
        SocketAbi freebsd = SocketAbi.of(FREEBSD);
        assertEquals(30, mac.afInet6);
        assertEquals(28, freebsd.afInet6);
        assertEquals(0, mac.sockNonblock);
        assertEquals(0x20000000, freebsd.sockNonblock);
        assertEquals(0xffff, mac.solSocket);
        assertEquals(0xffff, freebsd.solSocket);
        assertEquals(0x1007, mac.soError);
        assertEquals(27, freebsd.ipv6V6only);
        assertEquals(0x1080, mac.soLinger);
        assertEquals(0x80, freebsd.soLinger);
        assertEquals(new SocketAbi.MessageLayout(4, 44, 48), mac.message);
        assertEquals(104, mac.sunPathSize);
    }

    @ParameterizedTest
    @EnumSource
    void arm_and_power_have_four_flags_of_open_elsewhere(Arch arch) {
        FileAbi abi = FileAbi.of(linux(arch));
        boolean moved = arch == Arch.AARCH64 || arch == Arch.PPC64LE;
        assertEquals(moved ? 0x4000 : 0x10000, abi.directory);
        assertEquals(moved ? 0x8000 : 0x20000, abi.noFollow);
        assertEquals(0x40, abi.create);
        assertEquals(0x80, abi.exclusive);
        assertEquals(0x200, abi.truncate);
        assertEquals(0x400, abi.append);
        assertEquals(0x101000, abi.sync);
        assertEquals(0x1000, abi.dataSync);
        assertEquals(0x80000, abi.closeOnExec);
        assertEquals(-100, abi.currentDirectory);
        assertEquals(0x200, abi.removeDirectory);
        assertEquals(437, abi.sysOpenat2);
    }

    @Test
    void system_calls_have_the_numbers_of_their_processor() {
        assertEquals(332, FileAbi.of(linux(Arch.X86_64)).sysStatx);
        assertEquals(291, FileAbi.of(linux(Arch.AARCH64)).sysStatx);
        assertEquals(291, FileAbi.of(linux(Arch.RISCV64)).sysStatx);
        assertEquals(383, FileAbi.of(linux(Arch.PPC64LE)).sysStatx);
        assertEquals(379, FileAbi.of(linux(Arch.S390X)).sysStatx);
        assertEquals(316, FileAbi.of(linux(Arch.X86_64)).sysRenameat2);
        assertEquals(276, FileAbi.of(linux(Arch.AARCH64)).sysRenameat2);
        assertEquals(357, FileAbi.of(linux(Arch.PPC64LE)).sysRenameat2);
        assertEquals(347, FileAbi.of(linux(Arch.S390X)).sysRenameat2);
    }

    @Test
    void a_kevent_is_longer_on_freebsd_and_its_user_filter_has_another_number_on_macos() {
        assertEquals(new KqueueLayout(32, -10), KqueueLayout.of(MAC));
        assertEquals(new KqueueLayout(64, -11), KqueueLayout.of(FREEBSD));
        assertEquals(new KqueueLayout(32, -11), KqueueLayout.of(linux(Arch.X86_64)));
        assertEquals(8, KqueueLayout.FILTER);
        assertEquals(10, KqueueLayout.FLAGS);
        assertEquals(12, KqueueLayout.FILTER_FLAGS);
        assertEquals(16, KqueueLayout.DATA);
        assertEquals(24, KqueueLayout.USER_DATA);
    }

    @Test
    void files_of_macos_and_freebsd() {
        FileAbi mac = FileAbi.of(MAC);
        FileAbi freebsd = FileAbi.of(FREEBSD);
        assertEquals(0x200, mac.create);
        assertEquals(0x100000, mac.directory);
        assertEquals(0x20000, freebsd.directory);
        assertEquals(0x1000000, mac.closeOnExec);
        assertEquals(0x100000, freebsd.closeOnExec);
        assertEquals(-2, mac.currentDirectory);
        assertEquals(-100, freebsd.currentDirectory);
        assertEquals(144, mac.stat.size());
        assertEquals(96, mac.stat.fileSize());
        assertEquals(224, freebsd.stat.size());
        assertEquals(112, freebsd.stat.fileSize());
    }

    @ParameterizedTest
    @EnumSource
    void what_linux_tells_of_a_file_is_laid_out_alike_everywhere(Arch arch) {
        assertEquals(
                new FileAbi.StatLayout(256, 28, 16, 4, 20, 24, 32, 40, 64, 112, 96, 136, -8),
                FileAbi.of(linux(arch)).stat);
    }

    @Test
    void errors_have_other_numbers_elsewhere_and_the_same_words() {
        Errno linux = Errno.of(linux(Arch.S390X));
        Errno mac = Errno.of(MAC);
        Errno freebsd = Errno.of(FREEBSD);
        assertEquals(11, linux.number("EAGAIN"));
        assertEquals(35, mac.number("EAGAIN"));
        assertEquals(35, freebsd.number("EAGAIN"));
        assertEquals(111, linux.number("ECONNREFUSED"));
        assertEquals(61, mac.number("ECONNREFUSED"));
        assertEquals(104, linux.number("ECONNRESET"));
        assertEquals(54, freebsd.number("ECONNRESET"));
        assertEquals(115, linux.number("EINPROGRESS"));
        assertEquals(36, mac.number("EINPROGRESS"));
        assertEquals(125, linux.number("ECANCELED"));
        assertEquals(89, mac.number("ECANCELED"));
        assertEquals(85, freebsd.number("ECANCELED"));
        assertEquals(133, linux.number("EHWPOISON"));
        assertEquals(106, mac.number("EQFULL"));
        assertEquals(97, freebsd.number("EINTEGRITY"));
        assertEquals("connection refused", linux.words(111));
        assertEquals("connection refused", mac.words(61));
    }

    @Test
    void a_number_that_a_system_does_not_have_is_told_as_a_number() {
        Errno linux = Errno.of(linux(Arch.X86_64));
        assertNull(linux.symbol(41));
        assertNull(linux.symbol(4711));
        assertEquals("error 4711", linux.words(4711));
        assertNotEquals("error 2", linux.words(2));
    }
}
