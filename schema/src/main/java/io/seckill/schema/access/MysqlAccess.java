package io.seckill.schema.access;

import io.seckill.schema.config.ServerSettings;
import io.seckill.schema.db.Migrations;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What each role may do in MySQL, table by table. The schema job grants it after the migrations, to users that are there
 * already: tables can be granted only when they exist. Granting again changes nothing.
 */
public final class MysqlAccess {
    private static final String READ = "SELECT";
    private static final String APPEND = "SELECT, INSERT";
    private static final String CHANGE = "SELECT, UPDATE";
    private static final String WRITE = "SELECT, INSERT, UPDATE";
    private static final String ALL = "SELECT, INSERT, UPDATE, DELETE";

    private static final Map<String, String> GATEWAY = new TreeMap<>(Map.ofEntries(
            Map.entry("flyway_schema_history", READ),
            Map.entry("sale", READ),
            Map.entry("sale_row", WRITE),
            Map.entry("sale_rebuild", WRITE),
            Map.entry("audit_trail", APPEND),
            Map.entry("orders", CHANGE),
            Map.entry("order_event", "INSERT"),
            Map.entry("restock", WRITE),
            Map.entry("dead_letter", CHANGE),
            Map.entry("payment", WRITE),
            Map.entry("payment_event", WRITE)));

    private static final Map<String, String> WORKER = new TreeMap<>(Map.ofEntries(
            Map.entry("flyway_schema_history", READ),
            Map.entry("sale_row", CHANGE),
            Map.entry("sale_rebuild", ALL),
            Map.entry("audit_trail", "INSERT"),
            Map.entry("orders", WRITE),
            Map.entry("order_event", "SELECT, INSERT, DELETE"),
            Map.entry("restock", WRITE),
            Map.entry("dead_letter", WRITE),
            Map.entry("consumer_session", ALL),
            Map.entry("drain_round", CHANGE)));

    /** On the whole database, and to be passed on: what the migrations do, and what the services are given. */
    private static final String SCHEMA =
            "ALTER, CREATE, CREATE VIEW, DELETE, DROP, INDEX, INSERT, REFERENCES, SELECT," + " SHOW VIEW, UPDATE";

    private MysqlAccess() {}

    /**
     * The statements that give a role its rights.
     *
     * @param account an existing one: {@code user} or {@code user@host}; without a host any
     */
    public static List<String> grants(Role role, String database, String account) {
        String to = " TO " + quoted(account);
        return switch (role) {
            case SCHEMA -> List.of("GRANT " + SCHEMA + " ON `" + database + "`.*" + to + " WITH GRANT OPTION");
            case GATEWAY -> onTables(GATEWAY, database, to);
            case WORKER -> onTables(WORKER, database, to);
        };
    }

    /** Whether a text can name an account; nothing in one that can has to be escaped. */
    public static boolean isAccount(String text) {
        return text.matches("[A-Za-z0-9_.-]{1,32}(@[A-Za-z0-9_.:%/-]{1,60})?");
    }

    /**
     * Gives the services what they need, as far as the settings name their users. Blocking.
     *
     * @return how many users were given their rights
     * @throws SQLException if a user is not there, or the job's own user may not grant
     */
    public static int apply(ServerSettings servers, Map<Role, String> accounts) throws SQLException {
        if (accounts.isEmpty()) {
            return 0;
        }
        try (Connection connection = Migrations.connect(servers);
                Statement statement = connection.createStatement()) {
            for (Map.Entry<Role, String> account : accounts.entrySet()) {
                for (String grant : grants(account.getKey(), servers.mysqlDatabase(), account.getValue())) {
                    statement.execute(grant);
                }
            }
        }
        return accounts.size();
    }

    private static List<String> onTables(Map<String, String> privileges, String database, String to) {
        return privileges.entrySet().stream()
                .map(table -> "GRANT " + table.getValue() + " ON `" + database + "`.`" + table.getKey() + "`" + to)
                .toList();
    }

    private static String quoted(String account) {
        int at = account.indexOf('@');
        String user = at < 0 ? account : account.substring(0, at);
        return "'" + user + "'@'" + (at < 0 ? "%" : account.substring(at + 1)) + "'";
    }
}
