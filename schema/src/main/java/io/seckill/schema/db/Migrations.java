package io.seckill.schema.db;

import io.seckill.schema.config.ServerSettings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/** Applies the SQL migrations, once. Blocking; for {@code SchemaMain} and tests, never in a service. */
public final class Migrations {
    /** The newest migration's version: what services expect to find. */
    public static final String VERSION = "3";

    private Migrations() {}

    /**
     * @return how many migrations ran; 0 when all were there
     * @throws RuntimeException if the database cannot be reached or a migration fails
     */
    public static int apply(ServerSettings servers) {
        return configuration(servers).load().migrate().migrationsExecuted;
    }

    /** A connection as the migrations' own user. Blocking. */
    public static Connection connect(ServerSettings servers) throws SQLException {
        return DriverManager.getConnection(url(servers), servers.mysqlUser(), servers.mysqlPassword());
    }

    private static FluentConfiguration configuration(ServerSettings servers) {
        return Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(url(servers), servers.mysqlUser(), servers.mysqlPassword())
                .locations("classpath:db/migration")
                .connectRetries(0);
    }

    private static String url(ServerSettings servers) {
        return "jdbc:mariadb://" + servers.mysqlHost() + ":" + servers.mysqlPort() + "/" + servers.mysqlDatabase()
                // MySQL 8 signs a user in by an RSA exchange where there is no TLS.
                + "?allowPublicKeyRetrieval=true&connectTimeout=3000"
                + (servers.mysqlCaFile().isEmpty()
                        ? ""
                        : "&sslMode=verify-full&serverSslCert=" + servers.mysqlCaFile());
    }
}
