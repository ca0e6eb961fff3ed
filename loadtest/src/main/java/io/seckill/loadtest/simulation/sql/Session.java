package io.seckill.loadtest.simulation.sql;

import io.seckill.loadtest.simulation.sql.Statement.Assignment;
import io.seckill.loadtest.simulation.sql.Statement.Command;
import io.seckill.loadtest.simulation.sql.Statement.Select;
import io.seckill.loadtest.simulation.sql.Transaction.LockWait;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One connection's side in the server: its transaction, and how statements run in it. */
public final class Session {
    /** In ON DUPLICATE KEY UPDATE, the row that was to be inserted. */
    static final String GIVEN = "VALUES()";

    private final Database database;
    private Transaction transaction;
    private boolean inTransaction;
    private boolean autocommit = true;
    private Map<String, List<Object[]>> snapshot;
    private int lastCount;

    Session(Database database) {
        this.database = database;
    }

    /** @param count rows found or written */
    public record Result(List<String> columns, List<Object[]> rows, int count) {}

    /** What a statement came to. */
    public sealed interface Outcome {
        record Done(Result result) implements Outcome {}

        record Failed(SqlError error) implements Outcome {}

        /** It is to be run again when the transaction that holds the lock has ended; {@link Session#giveUpWaiting} ends that. */
        record Waits() implements Outcome {}
    }

    LocalDateTime now() {
        return database.now();
    }

    int lastCount() {
        return lastCount;
    }

    /** @param again runs when a lock is free, if the statement has to wait for one */
    public Outcome execute(String sql, Object[] parameters, Runnable again) {
        Statement statement = Database.parse(sql);
        Transaction mine = current();
        mine.waitsFor = null;
        int mark = mine.mark();
        try {
            Result result = run(statement, parameters);
            lastCount = result.count();
            if (!inTransaction && autocommit) {
                end(true);
            }
            return new Outcome.Done(result);
        } catch (LockWait wait) {
            mine.undoTo(mark);
            for (Transaction other = wait.owner; other != null; other = other.waitsFor) {
                if (other == mine) {
                    end(false);
                    return new Outcome.Failed(SqlError.deadlock());
                }
            }
            mine.waitsFor = wait.owner;
            wait.owner.waiting.add(again);
            return new Outcome.Waits();
        } catch (SqlError error) {
            mine.undoTo(mark);
            if (!inTransaction && autocommit) {
                end(false);
            }
            return new Outcome.Failed(error);
        }
    }

    /** The statement that waits has waited too long. */
    public SqlError giveUpWaiting() {
        current().waitsFor = null;
        return SqlError.lockWaitTimeout();
    }

    /** The server takes back all but what is committed. */
    public void rollback() {
        end(false);
    }

    Result executeNow(String sql, Object... parameters) {
        if (execute(sql, parameters, () -> {}) instanceof Outcome.Done done) {
            return done.result();
        }
        throw new IllegalStateException("not done: " + sql);
    }

    private Transaction current() {
        if (transaction == null) {
            transaction = new Transaction();
        }
        return transaction;
    }

    /** @return whether anything is different now */
    private boolean end(boolean commit) {
        Transaction ended = transaction;
        transaction = null;
        inTransaction = false;
        snapshot = null;
        if (ended == null) {
            return false;
        }
        boolean changed = false;
        if (commit) {
            changed = ended.commit();
        } else {
            ended.undoTo(0);
        }
        List<Runnable> waiting = List.copyOf(ended.waiting);
        ended.waiting.clear();
        if (changed) {
            database.committed();
        }
        waiting.forEach(Runnable::run);
        return changed;
    }

    private Result run(Statement statement, Object[] parameters) {
        if (statement instanceof Command command) {
            return new Result(List.of(), List.of(), command(command) ? 1 : 0);
        } else if (statement instanceof Select select) {
            Result result = select(select, parameters, null);
            return new Result(result.columns(), result.rows(), result.rows().size());
        } else if (statement instanceof Statement.Insert insert) {
            return new Result(List.of(), List.of(), insert(insert, parameters));
        } else if (statement instanceof Statement.Update update) {
            return new Result(List.of(), List.of(), update(update, parameters));
        } else if (statement instanceof Statement.Delete delete) {
            return new Result(List.of(), List.of(), delete(delete, parameters));
        }
        throw new IllegalStateException("not in a session: " + statement);
    }

    private boolean command(Command command) {
        switch (command) {
            case BEGIN, BEGIN_SNAPSHOT -> {
                boolean changed = end(true);
                inTransaction = true;
                if (command == Command.BEGIN_SNAPSHOT) {
                    snapshot = new LinkedHashMap<>();
                    database.tables.forEach((name, table) -> snapshot.put(name, visible(table)));
                }
                return changed;
            }
            case COMMIT -> {
                return end(true);
            }
            case ROLLBACK -> end(false);
            case AUTOCOMMIT_OFF -> autocommit = false;
            case NOTHING -> {}
        }
        return false;
    }

    private List<Object[]> visible(Table table) {
        List<Object[]> rows = new ArrayList<>(table.rows.size());
        for (Table.Stored row : table.rows) {
            Object[] values = row.visibleTo(transaction);
            if (values != null) {
                rows.add(values);
            }
        }
        return rows;
    }

    Result select(Select select, Object[] parameters, Scope outer) {
        return new Selection(this, select, parameters, outer).result();
    }

    List<Table.Stored> lockFor(Select select, Statement.From from, Object[] parameters) {
        Table table = database.table(from.table());
        Expression where = select.from().size() == 1 ? select.where() : null;
        if (where == null && select.from().size() > 1) {
            throw new IllegalStateException("FOR UPDATE of a join");
        }
        return lock(table, from.alias(), where, parameters, select.lock() == Statement.Lock.SKIP_LOCKED);
    }

    /** Rows of a table or view as this session sees them, with their columns. */
    Map<String, Integer> columns(String name) {
        Select view = database.view(name);
        if (view == null) {
            return name.equalsIgnoreCase("DUAL") ? Map.of() : database.table(name).positions;
        }
        Map<String, Integer> columns = new LinkedHashMap<>();
        view.items().forEach(item -> columns.put(item.name(), columns.size()));
        return columns;
    }

    List<Object[]> rows(String name) {
        Select view = database.view(name);
        if (view != null) {
            return select(view, new Object[0], null).rows();
        } else if (name.equalsIgnoreCase("DUAL")) {
            return List.<Object[]>of(new Object[0]);
        }
        return snapshot != null ? snapshot.get(name) : visible(database.table(name));
    }

    /**
     * Locks the rows of a table that a condition selects.
     *
     * @return those, as they are under the lock
     */
    List<Table.Stored> lock(Table table, String alias, Expression where, Object[] parameters, boolean skipLocked) {
        Transaction mine = current();
        Scope scope = new Scope(this, parameters, null, List.of(new Scope.Source(alias, table.positions)));
        List<Table.Stored> found = new ArrayList<>();
        for (Table.Stored row : List.copyOf(table.rows)) {
            boolean foreign = row.owner != null && row.owner != mine;
            // What another is writing counts too: it may be what is committed in a moment.
            boolean matches =
                    matches(scope, row.visibleTo(mine), where) || (foreign && matches(scope, row.pending, where));
            if (!matches || (foreign && skipLocked)) {
                continue;
            }
            mine.lock(table, row);
            found.add(row);
        }
        return found;
    }

    private static boolean matches(Scope scope, Object[] row, Expression where) {
        if (row == null) {
            return false;
        }
        scope.rows[0] = row;
        return where == null || where.isTrue(scope);
    }

    private int update(Statement.Update update, Object[] parameters) {
        Table table = database.table(update.table().table());
        List<Table.Stored> rows = lock(table, update.table().alias(), update.where(), parameters, false);
        for (Table.Stored row : rows) {
            write(table, row, changed(table, row.pending, update.table().alias(), update.set(), parameters, null));
        }
        return rows.size();
    }

    /** @param given what was to be inserted, or null */
    private Object[] changed(
            Table table, Object[] before, String alias, List<Assignment> set, Object[] parameters, Object[] given) {
        List<Scope.Source> sources =
                List.of(new Scope.Source(alias, table.positions), new Scope.Source(GIVEN, table.positions));
        Scope scope = new Scope(this, parameters, null, sources);
        scope.rows[1] = given;
        Object[] after = before.clone();
        // As MySQL does it: each assignment sees those before it.
        scope.rows[0] = after;
        for (Assignment assignment : set) {
            after[table.position(assignment.column())] = assignment.value().value(scope);
        }
        return after;
    }

    private void write(Table table, Table.Stored row, Object[] values) {
        table.finish(values, this);
        Table.Unique taken = takenKey(table, row, values);
        if (taken != null) {
            throw SqlError.duplicateKey(taken.name());
        }
        current().write(table, row, values);
    }

    private Table.Unique takenKey(Table table, Table.Stored self, Object[] values) {
        for (Table.Unique unique : table.uniques) {
            if (holder(table, unique, self, values) != null) {
                return unique;
            }
        }
        return null;
    }

    /** The row that has the same key, locked by this transaction; waits for whoever is writing it. */
    private Table.Stored holder(Table table, Table.Unique unique, Table.Stored self, Object[] values) {
        Transaction mine = current();
        for (Table.Stored row : table.rows) {
            if (row == self) {
                continue;
            }
            if (row.owner != null && row.owner != mine) {
                if ((row.committed != null && table.collide(unique, row.committed, values))
                        || (row.pending != null && table.collide(unique, row.pending, values))) {
                    throw new LockWait(row.owner);
                }
            } else {
                Object[] there = row.visibleTo(mine);
                if (there != null && table.collide(unique, there, values)) {
                    return row;
                }
            }
        }
        return null;
    }

    private int delete(Statement.Delete delete, Object[] parameters) {
        Table table = database.table(delete.table());
        List<Table.Stored> rows = lock(table, delete.table(), delete.where(), parameters, false);
        rows.forEach(row -> current().write(table, row, null));
        return rows.size();
    }

    private int insert(Statement.Insert insert, Object[] parameters) {
        Table table = database.table(insert.table());
        List<Object[]> given = new ArrayList<>();
        if (insert.select() != null) {
            given.addAll(select(insert.select(), parameters, null).rows());
        } else {
            Scope scope = new Scope(this, parameters, null, List.of());
            for (List<Expression> row : insert.rows()) {
                given.add(row.stream().map(value -> value.value(scope)).toArray());
            }
        }
        List<String> columns = insert.columns().isEmpty()
                ? table.columns.stream().map(Table.Column::name).toList()
                : insert.columns();
        int count = 0;
        for (Object[] values : given) {
            count += insert(insert, table, columns, values, parameters);
        }
        return count;
    }

    private int insert(
            Statement.Insert insert, Table table, List<String> columns, Object[] given, Object[] parameters) {
        Object[] row = new Object[table.columns.size()];
        for (int i = 0; i < row.length; i++) {
            Table.Column column = table.columns.get(i);
            int at = columns.indexOf(column.name());
            if (at >= 0) {
                row[i] = given[at];
            } else if (column.autoIncrement()) {
                row[i] = ++table.lastId;
            } else if (column.fallback() != null) {
                row[i] = column.fallback().value(new Scope(this, parameters, null, List.of()));
            }
        }
        table.finish(row, this);
        for (Table.Unique unique : table.uniques) {
            Table.Stored there = holder(table, unique, null, row);
            if (there != null) {
                return absorb(insert, table, unique, there, parameters, row);
            }
        }
        Table.Stored stored = new Table.Stored();
        table.rows.add(stored);
        current().write(table, stored, row);
        return 1;
    }

    private int absorb(
            Statement.Insert insert,
            Table table,
            Table.Unique unique,
            Table.Stored there,
            Object[] parameters,
            Object[] given) {
        if (insert.onDuplicate() == null) {
            if (insert.ignore()) {
                return 0;
            }
            throw SqlError.duplicateKey(unique.name());
        }
        current().lock(table, there);
        Object[] before = there.pending;
        Object[] after = changed(table, before, table.name, insert.onDuplicate(), parameters, given);
        boolean same = Arrays.equals(before, after);
        write(table, there, after);
        // As MySQL counts for a client that wants found rows, not changed ones.
        return same ? 1 : 2;
    }
}
