package io.seckill.loadtest.simulation.sql;

import java.util.List;

/** A statement in its parts. Immutable: one serves all sessions. */
sealed interface Statement {
    /** @param on null for the first, and for a join without a condition */
    record From(String table, String alias, Expression on, boolean left) {}

    record Item(Expression expression, String name) {}

    record Order(Expression by, boolean descending) {}

    record Assignment(String column, Expression value) {}

    enum Lock {
        NONE,
        UPDATE,
        SKIP_LOCKED
    }

    /** @param union more rows of the same shape, or null */
    record Select(
            boolean distinct,
            List<Item> items,
            List<From> from,
            Expression where,
            List<Expression> groupBy,
            List<Order> orderBy,
            Expression limit,
            Expression offset,
            Lock lock,
            Select union)
            implements Statement {}

    /**
     * @param rows values, or null if they come from {@code select}
     * @param onDuplicate null if a duplicate is an error
     */
    record Insert(
            String table,
            List<String> columns,
            List<List<Expression>> rows,
            Select select,
            List<Assignment> onDuplicate,
            boolean ignore)
            implements Statement {}

    record Update(From table, List<Assignment> set, Expression where) implements Statement {}

    record Delete(String table, Expression where) implements Statement {}

    record CreateTable(Table table) implements Statement {}

    record AddColumn(String table, Table.Column column) implements Statement {}

    record ModifyColumn(String table, Table.Column column) implements Statement {}

    record CreateView(String name, Select select) implements Statement {}

    record DropTable(String name) implements Statement {}

    enum Command implements Statement {
        BEGIN,
        BEGIN_SNAPSHOT,
        COMMIT,
        ROLLBACK,
        AUTOCOMMIT_OFF,
        NOTHING
    }

    /** Several changes of one ALTER TABLE. */
    record Several(List<Statement> all) implements Statement {}

    record AddUnique(String table, Table.Unique unique) implements Statement {}

    record AddCheck(String table, Table.Check check) implements Statement {}
}
