package io.seckill.worker;

import io.vertx.mysqlclient.MySQLException;
import java.util.Set;

/**
 * What a failed transaction means for its rows. The sets name MySQL's and MariaDB's error codes. Pure.
 *
 * <p>Whatever says that the server, the session or the schema is at fault holds the rows back; to dead-letter them for it
 * would break the promise of a 202. What remains is the data's fault.
 */
enum MysqlFailure {
    /** The same rows may be tried again on the same connection: deadlock, lock wait, statement timeout. */
    RETRY,
    /** The server cannot store anything just now: reconnect, wait, try the same rows again. */
    AWAY,
    /** These rows, or one of them, cannot be stored. */
    REFUSED;

    private static final int PACKET_TOO_LARGE = 1153;

    private static final Set<Integer> RETRIED = Set.of(
            1205, // lock wait timeout
            1206, // lock table full
            1213, // deadlock
            1020, // record changed since last read (snapshot isolation)
            1412, // table definition changed
            1615, // statement needs to be prepared again
            1969, // max_statement_time exceeded (MariaDB)
            3024, // max_execution_time exceeded (MySQL)
            3101); // rolled back by group replication

    private static final Set<Integer> SERVER_AT_FAULT = Set.of(
            1005, 1016, 1021, 1023, 1025, 1026, 1028, 1030, // files, disk full, storage engine
            1036, 1037, 1038, 1040, 1041, 1042, 1043, 1044, 1045, 1046, 1047, 1049, // memory, connections, access
            1053, 1077, 1079, 1080, 1114, 1129, 1130, 1135, // shutdown, table full, host blocked, no thread
            1146, 1152, 1158, 1159, 1160, 1161, // no such table, aborted, network
            1165, 1168, 1180, 1184, 1194, 1195, 1196, 1197, // commit failed, table crashed
            1203, 1223, 1226, 1243, 1290, 1317, // limits, read lock, unknown statement, read-only, interrupted
            1461, 1637, 1665, 1792, 1836, 1872, // statements, transactions, binary log, read-only
            1927, 3032, 3100, 3168, 4031); // killed, offline, replication, server gone, idle too long

    static MysqlFailure of(Throwable failure) {
        if (!(failure instanceof MySQLException error)) {
            return AWAY;
        }
        int code = error.getErrorCode();
        String state = String.valueOf(error.getSqlState());
        if (RETRIED.contains(code) || state.startsWith("40")) {
            return RETRY;
        }
        if (code == PACKET_TOO_LARGE) {
            // Fewer rows make a smaller packet.
            return REFUSED;
        }
        // 08 connection, 28 login, 3D database, 42 a statement that the schema or our rights forbid: never the data's
        // fault.
        boolean away = SERVER_AT_FAULT.contains(code)
                || state.startsWith("08")
                || state.startsWith("28")
                || state.startsWith("3D")
                || state.startsWith("42");
        return away ? AWAY : REFUSED;
    }

    /** The error's code for a dead letter's reason; 0 for what is no error of MySQL. */
    static int code(Throwable failure) {
        return failure instanceof MySQLException error ? error.getErrorCode() : 0;
    }
}
