package io.seckill.schema.db;

import io.vertx.core.Future;
import io.vertx.mysqlclient.MySQLException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;

/** What a service does about the database's schema: look, and say what is missing. It never migrates. */
public final class SchemaVersion {
    private static final int NO_SUCH_TABLE = 1146;

    private SchemaVersion() {}

    /** Fails with a sentence that says what is missing. A newer schema than this code knows is accepted. */
    public static Future<Void> verify(SqlClient mysql) {
        return mysql.query("SELECT MAX(CAST(version AS UNSIGNED)) AS version FROM flyway_schema_history WHERE success")
                .execute()
                .recover(e -> e instanceof MySQLException sql && sql.getErrorCode() == NO_SUCH_TABLE
                        ? Future.failedFuture(new IllegalStateException("the tables are missing; run SchemaMain"))
                        : Future.failedFuture(e))
                .compose(rows -> {
                    Row row = rows.iterator().next();
                    long found = row.getLong("version") == null ? 0 : row.getLong("version");
                    return found >= Long.parseLong(Migrations.VERSION)
                            ? Future.succeededFuture()
                            : Future.failedFuture(new IllegalStateException("the tables are of version " + found
                                    + ", needed is " + Migrations.VERSION + "; run SchemaMain"));
                });
    }
}
