package io.seckill.loadtest.chaos;

import io.seckill.loadtest.StackAddress;
import io.seckill.loadtest.TokenMint;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A stack whose processes and links can be hurt. Its methods block; any thread may call them. */
public interface Site {
    /** Past the faults: an auditor sees what is, whatever the links do. */
    StackAddress address();

    TokenMint mint();

    /** Why this kind cannot be had here; empty if it can. */
    Optional<String> impossible(FaultKind kind);

    /**
     * Lets a fault strike.
     *
     * @return the step that ends the fault; called once. A server that was killed is back when it answers, a service when it
     *     was started
     */
    Runnable strike(PlannedFault fault);

    /** The services that have ended since the last call although no fault ended them; they were started again. */
    List<String> diedByThemselves();

    /** Waits until every process says that it is ready; returns those that do not within a minute and a half. */
    List<String> notReady();

    /** The gate's own figures of a sale, read past the system; empty if it has no such sale. */
    Optional<Gate> gate(String saleId);

    /** Copies all logs to a place that stays, and returns it. */
    Path keepLogs(String name);

    /**
     * A sale as the gate has it.
     *
     * @param remaining units that can be sold
     * @param unconfirmed accepted lots that no confirm trimmed
     */
    record Gate(long remaining, long unconfirmed) {}
}
