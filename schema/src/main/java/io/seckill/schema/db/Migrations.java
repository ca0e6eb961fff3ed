package io.seckill.schema.db;

import io.seckill.schema.config.ServerSettings;
import java.util.Properties;
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

    private static FluentConfiguration configuration(ServerSettings servers) {
        Properties driver = new Properties();
        // MySQL 8 signs a user in by an RSA exchange where there is no TLS.
        driver.setProperty("allowPublicKeyRetrieval", "true");
        driver.setProperty("connectTimeout", "3000");
        FluentConfiguration configuration = Flyway.configure(Migrations.class.getClassLoader());
        driver.forEach((name, value) -> configuration.getJdbcProperties().put((String) name, (String) value));
        return configuration
                .dataSource(
                        "jdbc:mariadb://" + servers.mysqlHost() + ":" + servers.mysqlPort() + "/"
                                + servers.mysqlDatabase() + "?allowPublicKeyRetrieval=true&connectTimeout=3000",
                        servers.mysqlUser(),
                        servers.mysqlPassword())
                .locations("classpath:db/migration")
                .connectRetries(0);
    }
}
