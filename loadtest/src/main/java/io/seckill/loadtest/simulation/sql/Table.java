package io.seckill.loadtest.simulation.sql;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A table: its columns and rules, and its rows, each with at most one transaction that is changing it. */
final class Table {
    /**
     * @param fallback value if none is given, or null
     * @param generated what it is computed of, or null
     */
    record Column(String name, Expression fallback, Expression generated, boolean autoIncrement, boolean notNull) {}

    record Unique(String name, List<String> columns) {}

    record Check(String name, Expression rule) {}

    /** A row as committed and as its one writer sees it; null where it is not there. */
    static final class Stored {
        Object[] committed;
        Object[] pending;
        Transaction owner;

        Object[] visibleTo(Transaction reader) {
            return owner != null && owner == reader ? pending : committed;
        }
    }

    final String name;
    final List<Column> columns = new ArrayList<>();
    final Map<String, Integer> positions = new LinkedHashMap<>();
    final List<Unique> uniques = new ArrayList<>();
    final List<Check> checks = new ArrayList<>();
    final List<Stored> rows = new ArrayList<>();
    long lastId;

    Table(String name) {
        this.name = name;
    }

    void add(Column column) {
        positions.put(column.name(), columns.size());
        columns.add(column);
    }

    Table empty() {
        Table copy = new Table(name);
        columns.forEach(copy::add);
        copy.uniques.addAll(uniques);
        copy.checks.addAll(checks);
        return copy;
    }

    int position(String column) {
        Integer at = positions.get(column);
        if (at == null) {
            throw new SqlError(1054, "42S22", "Unknown column '" + column + "' in '" + name + "'");
        }
        return at;
    }

    /** Whether two rows share a key of the unique index; a null in it makes them differ. */
    boolean collide(Unique unique, Object[] a, Object[] b) {
        for (String column : unique.columns()) {
            int at = position(column);
            if (a[at] == null || b[at] == null || !Values.same(a[at], b[at])) {
                return false;
            }
        }
        return true;
    }

    /** Fills in what is generated, and sees to the rules. */
    void finish(Object[] row, Session session) {
        Scope scope = new Scope(session, new Object[0], null, List.of(new Scope.Source(name, positions)));
        scope.rows[0] = row;
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            if (column.generated() != null) {
                row[i] = column.generated().value(scope);
            } else if (row[i] == null && column.notNull()) {
                throw new SqlError(1048, "23000", "Column '" + column.name() + "' cannot be null");
            }
        }
        for (Check check : checks) {
            Object verdict = check.rule().value(scope);
            if (verdict != null && !Values.isTrue(verdict)) {
                throw SqlError.checkViolated(check.name());
            }
        }
    }
}
