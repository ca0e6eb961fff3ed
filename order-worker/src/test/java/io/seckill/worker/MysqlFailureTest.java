package io.seckill.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.VertxException;
import io.vertx.mysqlclient.MySQLException;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MysqlFailureTest {
    @ParameterizedTest
    @CsvSource({
        "1213, 40001, RETRY", // deadlock
        "1205, HY000, RETRY", // lock wait timeout
        "1969, 70100, RETRY", // max_statement_time
        "3024, HY000, RETRY", // max_execution_time
        "1040, 08004, AWAY", // too many connections
        "1053, 08S01, AWAY", // shutting down
        "1927, 70100, AWAY", // connection was killed
        "1317, 70100, AWAY", // query interrupted
        "1290, HY000, AWAY", // read-only
        "1836, HY000, AWAY", // read-only mode
        "1792, 25006, AWAY", // read-only transaction
        "1045, 28000, AWAY", // access denied
        "1142, 42000, AWAY", // command denied
        "1146, 42S02, AWAY", // no such table
        "1054, 42S22, AWAY", // unknown column
        "1049, 42000, AWAY", // unknown database
        "1021, HY000, AWAY", // disk full
        "1114, HY000, AWAY", // table full
        "1665, HY000, AWAY", // statement-based binary log
        "4031, HY000, AWAY", // idle too long
        "1406, 22001, REFUSED", // data too long
        "1366, 22007, REFUSED", // incorrect string value
        "1292, 22007, REFUSED", // incorrect datetime
        "1264, 22003, REFUSED", // out of range
        "1048, 23000, REFUSED", // null
        "1062, 23000, REFUSED", // duplicate entry
        "4025, 23000, REFUSED", // CHECK, MariaDB
        "3819, HY000, REFUSED", // CHECK, MySQL
        "1153, 08S01, REFUSED", // packet too large: fewer rows may pass
        "9999, HY000, REFUSED"
    })
    void shouldClassify(int code, String state, MysqlFailure expected) {
        MySQLException failure = new MySQLException("m", code, state);
        assertEquals(expected, MysqlFailure.of(failure));
        assertEquals(code, MysqlFailure.code(failure));
    }

    @Test
    void shouldHoldBackForWhatIsNoErrorOfMysql() {
        assertEquals(MysqlFailure.AWAY, MysqlFailure.of(new IOException("reset")));
        assertEquals(MysqlFailure.AWAY, MysqlFailure.of(new TimeoutException()));
        assertEquals(MysqlFailure.AWAY, MysqlFailure.of(VertxException.noStackTrace("closed")));
        assertEquals(0, MysqlFailure.code(new IOException("reset")));
    }
}
