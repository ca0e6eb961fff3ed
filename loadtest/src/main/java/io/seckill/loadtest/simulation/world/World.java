package io.seckill.loadtest.simulation.world;

import io.seckill.loadtest.simulation.Defect;
import io.seckill.loadtest.simulation.SeedReport;
import io.seckill.loadtest.simulation.SeedRunner;
import io.seckill.loadtest.simulation.amqp.Broker;
import io.seckill.loadtest.simulation.mysql.MysqlServer;
import io.seckill.loadtest.simulation.redis.RedisServer;
import io.seckill.loadtest.simulation.sql.Database;
import io.seckill.loadtest.simulation.sql.SqlError;
import io.seckill.schema.amqp.Topology;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Everything of one seed: virtual time, the servers, the processes of the product, what goes wrong, and what everyone did.
 * One thread works on it.
 */
public final class World {
    static final String SALE = "sale";
    private static final long MS = 1_000_000L;
    private static final long BEGIN_MS = 1_800_000_000_000L;
    private static final int MAX_TRACE = 200_000;
    private static final ThreadLocal<World> CURRENT = new ThreadLocal<>();

    private final Chance chance;
    private final Scheduler scheduler;
    private final boolean traced;
    private final Defect defect;
    private final List<String> trace = new ArrayList<>();
    private final List<String> broken = new ArrayList<>();
    private final Troubles troubles;
    private final Database database;
    private final RedisServer redis;
    private final Broker broker;
    private final MysqlServer mysql;
    private final Fleet fleet;
    private final Promises promises;
    private int lastId;

    World(long seed, boolean traced, Defect defect) {
        this.chance = new Chance(seed);
        this.scheduler = new Scheduler(new Chance(seed + 1));
        this.traced = traced;
        this.defect = defect;
        CURRENT.set(this);
        this.promises = new Promises(this);
        this.database = new Database(this::now, promises::committed);
        this.redis = new RedisServer(this);
        this.broker = new Broker(this);
        this.mysql = new MysqlServer(this, database);
        this.troubles = new Troubles(this);
        this.fleet = new Fleet(this);
        try {
            new Topology("seckill").declare(broker.admin());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs seeds; made by the rewriting loader. */
    public static final class Runner implements SeedRunner {
        public Runner() {}

        @Override
        public SeedReport run(long seed, boolean traced, Defect defect) {
            World world = new World(seed, traced, defect);
            try {
                new Story(world).tell();
            } catch (RuntimeException | StackOverflowError e) {
                world.failed(e);
            } finally {
                CURRENT.remove();
            }
            return new SeedReport(
                    seed,
                    List.copyOf(world.broken),
                    world.trace,
                    world.scheduler.digest(),
                    world.scheduler.steps(),
                    world.scheduler.nanos() / MS);
        }
    }

    static World current() {
        return CURRENT.get();
    }

    public Chance chance() {
        return chance;
    }

    public Scheduler scheduler() {
        return scheduler;
    }

    public RedisServer redis() {
        return redis;
    }

    public Broker broker() {
        return broker;
    }

    public MysqlServer mysql() {
        return mysql;
    }

    Database database() {
        return database;
    }

    Troubles troubles() {
        return troubles;
    }

    Fleet fleet() {
        return fleet;
    }

    Promises promises() {
        return promises;
    }

    public boolean has(Defect one) {
        return defect == one;
    }

    int nextId() {
        return ++lastId;
    }

    /** The servers' clock, in ms since 1970. */
    public long serverMs() {
        return BEGIN_MS + scheduler.nanos() / MS;
    }

    LocalDateTime now() {
        return LocalDateTime.ofInstant(Instant.ofEpochMilli(serverMs()), ZoneOffset.UTC);
    }

    /** How long something takes on the network. */
    public long latency() {
        return troubles.latency();
    }

    /** How long RabbitMQ takes to write a message down. */
    public long diskNanos() {
        return 200_000 + chance.upTo(3 * MS);
    }

    /** How long it takes from there to the confirm. */
    public long confirmNanos() {
        return troubles.confirmNanos();
    }

    public boolean refusesMessage() {
        return troubles.refusesMessage();
    }

    public boolean losesHint() {
        return troubles.losesHint();
    }

    public boolean cutsAtCommit() {
        return troubles.cutsAtCommit();
    }

    /** An error that MySQL gives without a reason of ours, or null. */
    public SqlError mysqlError(String sql) {
        return troubles.mysqlError(sql);
    }

    /** A statement that changes what is promised, and not only the bookkeeping of who is there. */
    public boolean matters(String sql) {
        return !sql.startsWith("SELECT") && !sql.contains("consumer_session") && !sql.contains("drain_round");
    }

    /**
     * A server did what a process had asked for; the process does not know yet.
     *
     * @param what a Redis function, an exchange or a statement
     */
    public void served(ProcessLife process, String what) {
        troubles.served(process, what);
    }

    /** RabbitMQ gives a process a message. */
    public void delivered(ProcessLife process, String queue) {
        troubles.delivered(process, queue);
    }

    /** How much longer than usual RabbitMQ takes to write down a message of a process; negative if it loses it. */
    public long holdNanos(ProcessLife process, String exchange) {
        return troubles.holdNanos(process, exchange);
    }

    boolean crashesHere() {
        return troubles.crashesHere();
    }

    void crash(ProcessLife process) {
        fleet.crash(process);
    }

    public boolean isTraced() {
        return traced;
    }

    public void trace(String line) {
        if (traced && trace.size() < MAX_TRACE) {
            trace.add(String.format(Locale.ROOT, "%10.3f ms  %s", scheduler.nanos() / 1e6, line));
        }
    }

    /** A promise does not hold, or the simulation does not know what to do. */
    void fail(String what) {
        if (broken.size() < 20 && !broken.contains(what)) {
            broken.add(what);
            trace("BROKEN: " + what);
        }
    }

    boolean isBroken() {
        return !broken.isEmpty();
    }

    void failed(Throwable e) {
        StackTraceElement[] at = e.getStackTrace();
        fail("escaped: " + e
                + (at.length == 0
                        ? ""
                        : " at " + at[0] + (at.length > 1 ? " < " + at[1] : "")
                                + (at.length > 2 ? " < " + at[2] : "")));
    }

    /** Goes on until a condition holds. @return false if it does not within so long */
    boolean runUntil(java.util.function.BooleanSupplier condition, long withinMs) {
        long end = scheduler.nanos() + withinMs * MS;
        while (!condition.getAsBoolean()) {
            if (isBroken() || scheduler.nanos() >= end) {
                return false;
            }
            runFor(50);
        }
        return true;
    }

    void runFor(long ms) {
        long until = scheduler.nanos() + ms * MS;
        boolean more = true;
        while (more && !isBroken()) {
            try {
                more = scheduler.step(until);
            } catch (RuntimeException e) {
                failed(e);
            }
        }
    }
}
