package io.seckill.loadtest.simulation;

import java.util.List;

/**
 * What became of one seed.
 *
 * @param broken promises that did not hold, with what was found; empty if all is well
 * @param trace what happened, a line an event; empty unless asked for
 * @param digest of all that happened: the same seed gives the same on any machine
 * @param events how many steps the world took
 * @param virtualMs how much time passed in it
 */
public record SeedReport(long seed, List<String> broken, List<String> trace, long digest, long events, long virtualMs) {

    public boolean isGood() {
        return broken.isEmpty();
    }
}
