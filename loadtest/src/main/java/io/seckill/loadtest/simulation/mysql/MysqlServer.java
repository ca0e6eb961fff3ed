package io.seckill.loadtest.simulation.mysql;

import io.seckill.loadtest.simulation.Defect;
import io.seckill.loadtest.simulation.sql.Database;
import io.seckill.loadtest.simulation.sql.Session;
import io.seckill.loadtest.simulation.sql.SqlError;
import io.seckill.loadtest.simulation.world.ProcessLife;
import io.seckill.loadtest.simulation.world.Scheduler;
import io.seckill.loadtest.simulation.world.Wire;
import io.seckill.loadtest.simulation.world.World;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;

/** MySQL: connections in front of a {@link Database}. It may be gone for a while; what is committed stays. */
public final class MysqlServer {
    private static final long LOCK_WAIT_NANOS = 5_000_000_000L;

    private final World world;
    private final Database database;
    private final Set<Connection> connections = new LinkedHashSet<>();
    private boolean up = true;

    public MysqlServer(World world, Database database) {
        this.world = world;
        this.database = database;
    }

    boolean isUp() {
        return up;
    }

    public void stop() {
        up = false;
        world.trace("mysql is gone");
        List.copyOf(connections).forEach(connection -> connection.wire.serverCloses());
    }

    public void start() {
        if (!up) {
            world.trace("mysql is back");
        }
        up = true;
    }

    /** Ends some connection, if there is any. */
    public void cutOne() {
        if (!connections.isEmpty()) {
            Connection one = world.chance().of(List.copyOf(connections));
            world.trace("a connection of " + one.wire.client() + " to mysql is cut");
            one.wire.cut();
        }
    }

    /** One connection: its statements run one after the other, and wait for each other's locks. */
    final class Connection {
        private static final class Command {
            final String sql;
            final Object[] parameters;
            final Consumer<Session.Result> done;
            final Consumer<SqlError> failed;

            Command(String sql, Object[] parameters, Consumer<Session.Result> done, Consumer<SqlError> failed) {
                this.sql = sql;
                this.parameters = parameters;
                this.done = done;
                this.failed = failed;
            }
        }

        private final Session session = database.session();
        private final ArrayDeque<Command> waiting = new ArrayDeque<>();
        private final Wire wire;
        private boolean busy;
        // What waits for a lock; one that has given up may still be told that the lock is free.
        private Command locked;
        private Scheduler.Event lockTimeout;

        Connection(ProcessLife process, Runnable clientEnd) {
            this.wire = new Wire(world, process, world::latency, 0, clientEnd, this::gone);
            connections.add(this);
        }

        Wire wire() {
            return wire;
        }

        /** Sends a statement; one of the two hears of it, or neither if the connection ends. */
        void execute(String sql, Object[] parameters, Consumer<Session.Result> done, Consumer<SqlError> failed) {
            wire.up(() -> {
                waiting.add(new Command(sql, parameters, done, failed));
                next();
            });
        }

        private void gone() {
            connections.remove(this);
            waiting.clear();
            busy = true;
            session.rollback();
        }

        private void next() {
            if (busy || waiting.isEmpty()) {
                return;
            }
            busy = true;
            run(waiting.poll());
        }

        private void run(Command command) {
            boolean commit = command.sql.equals("COMMIT");
            if (commit && world.cutsAtCommit()) {
                world.trace("the connection of " + wire.client() + " to mysql ends before a commit");
                wire.cut();
                return;
            }
            SqlError injected = world.mysqlError(command.sql);
            if (injected != null) {
                session.rollback();
                answer(command, new Session.Outcome.Failed(injected));
                return;
            }
            if (world.has(Defect.GUARD_SKIPPED) && command.sql.startsWith("UPDATE sale_row SET sold = sold +")) {
                answer(command, new Session.Outcome.Done(new Session.Result(List.of(), List.of(), 1)));
                return;
            }
            Session.Outcome outcome = session.execute(
                    command.sql, command.parameters, () -> world.scheduler().in(0, null, this, () -> again(command)));
            if (outcome instanceof Session.Outcome.Waits) {
                locked = command;
                if (lockTimeout == null) {
                    lockTimeout = world.scheduler().in(LOCK_WAIT_NANOS, null, this, () -> giveUp(command));
                }
                return;
            }
            if (commit && world.cutsAtCommit()) {
                world.trace("the connection of " + wire.client() + " to mysql ends after a commit");
                wire.cut();
                return;
            }
            if (outcome instanceof Session.Outcome.Done done
                    && done.result().count() > 0
                    && (commit || world.matters(command.sql))) {
                world.served(wire.client(), command.sql);
            }
            answer(command, outcome);
        }

        private void again(Command command) {
            if (connections.contains(this) && locked == command) {
                run(command);
            }
        }

        private void giveUp(Command command) {
            if (connections.contains(this)) {
                answer(command, new Session.Outcome.Failed(session.giveUpWaiting()));
            }
        }

        private void answer(Command command, Session.Outcome outcome) {
            locked = null;
            if (lockTimeout != null) {
                lockTimeout.cancel();
                lockTimeout = null;
            }
            trace(command, outcome);
            if (outcome instanceof Session.Outcome.Done done) {
                wire.down(() -> command.done.accept(done.result()));
            } else {
                SqlError error = ((Session.Outcome.Failed) outcome).error();
                wire.down(() -> command.failed.accept(error));
            }
            busy = false;
            next();
        }

        private void trace(Command command, Session.Outcome outcome) {
            if (!world.isTraced()) {
                return;
            }
            String sql = command.sql;
            boolean failed = outcome instanceof Session.Outcome.Failed;
            String verb = sql.substring(0, Math.min(6, sql.length())).toUpperCase(Locale.ROOT);
            if (failed || List.of("INSERT", "UPDATE", "DELETE", "COMMIT").contains(verb)) {
                String what = outcome instanceof Session.Outcome.Failed f
                        ? f.error().getMessage()
                        : String.valueOf(
                                ((Session.Outcome.Done) outcome).result().count());
                world.trace("mysql for " + wire.client() + ": " + sql.substring(0, Math.min(110, sql.length())) + " "
                        + parameters(command) + " -> " + what);
            }
        }

        private String parameters(Command command) {
            String text = java.util.Arrays.toString(command.parameters);
            return text.substring(0, Math.min(160, text.length()));
        }
    }
}
