package io.seckill.loadtest.simulation;

/** Runs the world of one seed. Implemented on the far side of {@link RewritingLoader}; safe on several threads at once. */
public interface SeedRunner {
    /**
     * @param seed decides everything that happens
     * @param traced whether the report tells what happened
     * @param defect a server's, or none
     */
    SeedReport run(long seed, boolean traced, Defect defect);
}
