package io.amphio.evented.sim;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.security.SecureRandomSpi;
import java.util.random.RandomGenerator;

/**
 * The chance that a program in a world draws: from the seed, but not from what decides about the run itself. So a program that draws
 * once more meets the same schedule all the same, up to what it does with that.
 *
 * <p><b>Threads:</b> the world's; whoever comes from outside is refused, as its draws would come at another time in each run.
 */
final class WorldRandom implements RandomGenerator {
    private static final long APART = 0x52616E646F6D2121L; // another sequence than that of the run

    private final World world;
    private final Chance chance;

    WorldRandom(World world, long seed) {
        this.world = world;
        this.chance = new Chance(seed ^ APART);
    }

    @Override
    public long nextLong() {
        world.requireInside("random");
        return chance.next();
    }

    SecureRandom asSecure() {
        return new Secure(this);
    }

    /** Looks like chance for secrets, for who needs that type. */
    private static final class Secure extends SecureRandom {
        private static final long serialVersionUID = 1;

        Secure(WorldRandom random) {
            super(new Spi(random), null);
        }

        @Override
        public String getAlgorithm() {
            return "seed of a simulated world";
        }
    }

    private static final class Spi extends SecureRandomSpi {
        private static final long serialVersionUID = 1;

        private final transient WorldRandom random;

        Spi(WorldRandom random) {
            this.random = random;
        }

        @Override
        protected void engineSetSeed(byte[] seed) {
            // A real one adds this to what it has; here only the seed of the world counts.
        }

        @Override
        protected void engineNextBytes(byte[] bytes) {
            ByteBuffer target = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            while (target.remaining() >= Long.BYTES) {
                target.putLong(random.nextLong());
            }
            for (long rest = target.hasRemaining() ? random.nextLong() : 0;
                    target.hasRemaining();
                    rest >>>= Byte.SIZE) {
                target.put((byte) rest);
            }
        }

        @Override
        protected byte[] engineGenerateSeed(int count) {
            byte[] bytes = new byte[count];
            engineNextBytes(bytes);
            return bytes;
        }
    }

    @Override
    public String toString() {
        return "simulated chance";
    }
}
