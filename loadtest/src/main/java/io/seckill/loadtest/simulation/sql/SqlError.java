package io.seckill.loadtest.simulation.sql;

/** What a server refuses a statement with. */
public final class SqlError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int code;
    private final String state;

    SqlError(int code, String state, String message) {
        super(message, null, false, false);
        this.code = code;
        this.state = state;
    }

    static SqlError duplicateKey(String index) {
        return new SqlError(1062, "23000", "Duplicate entry for key '" + index + "'");
    }

    static SqlError checkViolated(String constraint) {
        return new SqlError(4025, "23000", "CONSTRAINT `" + constraint + "` failed");
    }

    public static SqlError deadlock() {
        return new SqlError(1213, "40001", "Deadlock found when trying to get lock");
    }

    static SqlError lockWaitTimeout() {
        return new SqlError(1205, "HY000", "Lock wait timeout exceeded");
    }

    public int code() {
        return code;
    }

    public String state() {
        return state;
    }
}
