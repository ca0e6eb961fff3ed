package io.seckill.loadtest.simulation.world;

import io.seckill.schema.redis.FunctionLibrary;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/** One life of a process: it runs, may be stopped (SIGSTOP) and go on, and dies for good; after that there is another. */
public final class ProcessLife {
    /** What runs on the process' own event loops. */
    static final Object TASKS = "tasks";
    /** Its timers. */
    static final Object TIMERS = "timers";

    private final World world;
    private final String name;
    private final int number;
    private final long clockSkewMs;
    private final FunctionLibrary functions;
    private final List<Wire> wires = new ArrayList<>();
    private final List<Runnable> deaths = new ArrayList<>();
    private final List<Scheduler.Event> waiting = new ArrayList<>();
    private final VirtualVertx vertx;
    /** Until when each lane is busy with what had waited on it while the process was stopped. */
    private final IdentityHashMap<Object, Long> busyUntil = new IdentityHashMap<>();

    private boolean alive = true;
    private boolean stopped;
    private long roundTripNanos;

    /** @param functions those of its build */
    ProcessLife(World world, String name, int number, long clockSkewMs, FunctionLibrary functions) {
        this.world = world;
        this.name = name;
        this.number = number;
        this.clockSkewMs = clockSkewMs;
        this.functions = functions;
        this.vertx = new VirtualVertx(world, this);
    }

    public World world() {
        return world;
    }

    VirtualVertx vertx() {
        return vertx;
    }

    int number() {
        return number;
    }

    /** By how much its wall clock is wrong. */
    long clockSkewMs() {
        return clockSkewMs;
    }

    FunctionLibrary functions() {
        return functions;
    }

    public boolean isAlive() {
        return alive;
    }

    public boolean isStopped() {
        return stopped;
    }

    void put(Scheduler.Event event) {
        waiting.add(event);
    }

    /** From that instant on, what had waited on the lane comes, one after the other. */
    void startLane(Object lane, long nanos) {
        busyUntil.put(lane, nanos);
    }

    /** @return when something may happen that wants to at that instant: behind what is already late on its lane */
    long inTurn(Object lane, long at, long nowNanos) {
        Long busy = busyUntil.get(lane);
        if (busy == null || at > busy) {
            if (busy != null && nowNanos > busy) {
                busyUntil.remove(lane);
            }
            return at;
        }
        busyUntil.put(lane, busy + 1);
        return busy;
    }

    void opened(Wire wire) {
        wires.add(wire);
    }

    void closed(Wire wire) {
        wires.remove(wire);
    }

    /** A blocking call of this process was at a server just now; its reply comes after so long. */
    public void roundTrip(long nanos) {
        roundTripNanos = Math.max(roundTripNanos, nanos);
    }

    long takeRoundTripNanos() {
        long taken = roundTripNanos;
        roundTripNanos = 0;
        return taken;
    }

    /** Dies as by kill -9: the kernel closes its connections, and what it was about to do never happens. */
    void crash() {
        if (alive) {
            alive = false;
            world.trace(name + " is killed");
            List.copyOf(wires).forEach(Wire::clientGone);
            deaths.forEach(Runnable::run);
        }
    }

    /** Whoever is connected to it learns that it is gone. */
    void atDeath(Runnable told) {
        deaths.add(told);
    }

    void stop() {
        stopped = true;
        world.trace(name + " is stopped");
        List.copyOf(wires).forEach(Wire::clientSilent);
    }

    void goOn() {
        if (stopped && alive) {
            stopped = false;
            world.trace(name + " goes on");
            List<Scheduler.Event> came = List.copyOf(waiting);
            waiting.clear();
            world.scheduler().resume(this, came, TASKS);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
