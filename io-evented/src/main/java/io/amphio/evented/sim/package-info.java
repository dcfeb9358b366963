/**
 * Runs a program in a world of its own, where time, chance, the network and the order of everything come from a seed: for
 * users' tests. {@link io.amphio.evented.sim.SimulatedIo} is where to begin.
 */
@NullMarked
package io.amphio.evented.sim;

import org.jspecify.annotations.NullMarked;
