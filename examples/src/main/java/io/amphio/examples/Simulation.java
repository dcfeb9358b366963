package io.amphio.examples;

import io.amphio.Group;
import io.amphio.Io;
import io.amphio.evented.sim.SimulatedIo;
import io.amphio.evented.sim.SimulationFailure;
import io.amphio.sync.Channel;
import io.amphio.sync.Mutex;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Looks for the seed that shows a bug which seldom shows: a balance that is read, and written after a word to the auditor. */
@Command(name = "simulation", description = "Finds a bug in simulated worlds, and shows that its cure passes.")
final class Simulation implements Callable<Integer> {
    private static final int SEEDS = 1_000;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    boolean help;

    /** An account that an auditor watches. */
    static final class Account {
        private final Channel<Integer> auditor = Channel.unbounded();
        private final Mutex mutex = new Mutex();
        private int balance = 100;

        void deposit(Io io, int amount) {
            int read = balance;
            auditor.send(io, amount); // never waits, but it may let others run
            balance = read + amount;
        }

        void depositAlone(Io io, int amount) {
            mutex.withLock(io, () -> deposit(io, amount));
        }
    }

    /** A way to deposit something. */
    @FunctionalInterface
    interface Deposit {
        void to(Account account, Io io, int amount);
    }

    /** Two tellers at one account. */
    private static void twoTellers(Io io, Deposit deposit) {
        Account account = new Account();
        try (Group tellers = new Group()) {
            for (int amount : new int[] {10, 20}) {
                tellers.async(io, () -> deposit.to(account, io, amount));
            }
            tellers.await(io);
        }
        if (account.balance != 130) {
            throw new IllegalStateException("the balance is " + account.balance + ", and should be 130");
        }
    }

    @Override
    public Integer call() {
        try {
            SimulatedIo.explore(SEEDS, io -> twoTellers(io, Account::deposit));
        } catch (SimulationFailure found) {
            System.out.println("Without a lock: " + found.getMessage());
        }
        SimulatedIo.explore(SEEDS, io -> twoTellers(io, Account::depositAlone));
        System.out.println("With a lock: no failure with " + SEEDS + " seeds.");
        return 0;
    }
}
