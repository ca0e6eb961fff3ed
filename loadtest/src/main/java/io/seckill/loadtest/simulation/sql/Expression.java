package io.seckill.loadtest.simulation.sql;

/** A value to be computed for a row. Null is SQL's null; true and false are 1 and 0. */
interface Expression {
    Object value(Scope scope);

    default boolean isTrue(Scope scope) {
        return Values.isTrue(value(scope));
    }

    /** Whether it is computed of many rows. */
    default boolean isAggregate() {
        return false;
    }
}
