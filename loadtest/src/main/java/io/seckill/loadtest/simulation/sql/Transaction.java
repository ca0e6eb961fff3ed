package io.seckill.loadtest.simulation.sql;

import java.util.ArrayList;
import java.util.List;

/** What a session changed and holds locked, with what was before it, so that it can be taken back to any point. */
final class Transaction {
    private static final class Undo {
        final Table table;
        final Table.Stored row;
        final Object[] pending;
        final Transaction owner;

        Undo(Table table, Table.Stored row, Object[] pending, Transaction owner) {
            this.table = table;
            this.row = row;
            this.pending = pending;
            this.owner = owner;
        }
    }

    private final List<Undo> undos = new ArrayList<>();
    /** Whom it waits for, or null. */
    Transaction waitsFor;
    /** Sessions that wait for its end. */
    final List<Runnable> waiting = new ArrayList<>();

    int mark() {
        return undos.size();
    }

    boolean hasLocks() {
        return !undos.isEmpty();
    }

    /** Takes a row for this transaction, or tells who has it. */
    void lock(Table table, Table.Stored row) {
        if (row.owner == this) {
            return;
        }
        if (row.owner != null) {
            throw new LockWait(row.owner);
        }
        undos.add(new Undo(table, row, row.pending, null));
        row.owner = this;
        row.pending = row.committed;
    }

    void write(Table table, Table.Stored row, Object[] values) {
        lock(table, row);
        undos.add(new Undo(table, row, row.pending, this));
        row.pending = values;
    }

    void undoTo(int mark) {
        while (undos.size() > mark) {
            Undo undo = undos.remove(undos.size() - 1);
            undo.row.pending = undo.pending;
            undo.row.owner = undo.owner;
            if (undo.owner == null && undo.row.committed == null) {
                undo.table.rows.remove(undo.row);
            }
        }
    }

    /** @return whether anything is different now */
    boolean commit() {
        boolean changed = false;
        for (Undo undo : undos) {
            Table.Stored row = undo.row;
            if (row.owner == this) {
                changed |= row.committed != row.pending;
                row.committed = row.pending;
                row.pending = null;
                row.owner = null;
                if (row.committed == null) {
                    undo.table.rows.remove(row);
                }
            }
        }
        undos.clear();
        return changed;
    }

    /** Another transaction must end first. */
    static final class LockWait extends RuntimeException {
        private static final long serialVersionUID = 1L;

        final transient Transaction owner;

        LockWait(Transaction owner) {
            super("locked", null, false, false);
            this.owner = owner;
        }
    }
}
