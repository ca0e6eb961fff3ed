package io.seckill.loadtest.simulation.sql;

import java.time.LocalDateTime;

/** Whole numbers, texts, times and bytes, as SQL compares them. */
final class Values {
    private Values() {}

    static boolean isTrue(Object value) {
        return value instanceof Number number && number.longValue() != 0;
    }

    static Long of(boolean truth) {
        return truth ? 1L : 0L;
    }

    static long number(Object value) {
        return value instanceof Number number ? number.longValue() : Long.parseLong(String.valueOf(value));
    }

    /** Whole numbers of any width become one kind. */
    static Object normal(Object value) {
        if (value instanceof Boolean truth) {
            return of(truth);
        }
        return value instanceof Number number ? (Object) number.longValue() : value;
    }

    static int compare(Object a, Object b) {
        if (a instanceof Number || b instanceof Number) {
            return Long.compare(number(a), number(b));
        } else if (a instanceof LocalDateTime left && b instanceof LocalDateTime right) {
            return left.compareTo(right);
        } else if (a instanceof String left && b instanceof String right) {
            return left.compareTo(right);
        }
        throw new IllegalStateException("cannot compare " + a + " with " + b);
    }

    static boolean same(Object a, Object b) {
        if (a == null || b == null) {
            return false;
        }
        boolean numbers = a instanceof Number || b instanceof Number;
        return numbers ? number(a) == number(b) : a.equals(b);
    }
}
