package io.seckill.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import io.seckill.schema.access.Role;
import io.seckill.schema.amqp.Topology;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the users of the services may not do on the servers of a stack. What they need, every other test of a stack shows. */
class CredentialsIT {
    private static final int MYSQL_TABLE_DENIED = 1142;
    private static final int MYSQL_DATABASE_DENIED = 1044;
    private static final Topology TOPOLOGY = new Topology("seckill");

    @TempDir
    private static Path home;

    private static LocalStack stack;
    private static Map<String, String> owner;
    private static Secrets secrets;

    @BeforeAll
    static void up() {
        Settings settings = Settings.isolated(Settings.repository(Path.of(".")), home, System.getenv());
        stack = new LocalStack(settings, new Progress(System.out));
        stack.up(1, 1);
        owner = stack.addresses();
        secrets = Secrets.of(new Home(home));
    }

    @AfterAll
    static void down() {
        stack.down();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    GATEWAY | DROP TABLE orders
                    GATEWAY | DELETE FROM orders
                    GATEWAY | INSERT INTO orders (order_id) VALUES ('x')
                    GATEWAY | DELETE FROM sale_row
                    GATEWAY | UPDATE audit_trail SET actor = 'somebody else'
                    GATEWAY | DELETE FROM audit_trail
                    GATEWAY | DELETE FROM dead_letter
                    GATEWAY | SELECT * FROM consumer_session
                    WORKER | DELETE FROM orders
                    WORKER | TRUNCATE TABLE orders
                    WORKER | INSERT INTO sale_row (sale_id) VALUES ('x')
                    WORKER | DELETE FROM sale_row
                    WORKER | SELECT * FROM payment
                    WORKER | UPDATE audit_trail SET actor = 'somebody else'
                    WORKER | ALTER TABLE orders ADD COLUMN more INT
                    WORKER | UPDATE flyway_schema_history SET success = 0
                    """)
    void shouldRefuseOnATable(Role role, String sql) {
        SQLException refused = assertThrows(SQLException.class, () -> execute(role, sql));

        assertEquals(MYSQL_TABLE_DENIED, refused.getErrorCode(), refused.getMessage());
    }

    @ParameterizedTest
    @EnumSource(names = {"GATEWAY", "WORKER"})
    void shouldRefuseDatabasesAndUsers(Role role) {
        SQLException another = assertThrows(SQLException.class, () -> execute(role, "CREATE DATABASE seckill_more"));
        SQLException all = assertThrows(SQLException.class, () -> execute(role, "DROP DATABASE seckill"));

        assertEquals(MYSQL_DATABASE_DENIED, another.getErrorCode(), another.getMessage());
        assertEquals(MYSQL_DATABASE_DENIED, all.getErrorCode(), all.getMessage());
        assertThrows(SQLException.class, () -> execute(role, "CREATE USER somebody IDENTIFIED BY 'else'"));
        assertThrows(SQLException.class, () -> execute(role, "SELECT * FROM mysql.user"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    GATEWAY | FLUSHALL
                    GATEWAY | KEYS *
                    GATEWAY | SCAN 0
                    GATEWAY | CONFIG GET requirepass
                    GATEWAY | ACL LIST
                    GATEWAY | FUNCTION FLUSH
                    GATEWAY | FUNCTION LOAD x
                    GATEWAY | DEL seckill:{s}:sale
                    GATEWAY | UNLINK seckill:{s}:sale
                    GATEWAY | EVAL return 0
                    GATEWAY | HGET others:{s}:sale epoch
                    GATEWAY | SET others 1
                    GATEWAY | SUBSCRIBE others
                    GATEWAY | PSUBSCRIBE *
                    GATEWAY | MONITOR
                    WORKER | FLUSHALL
                    WORKER | KEYS *
                    WORKER | CONFIG GET requirepass
                    WORKER | FUNCTION FLUSH
                    WORKER | FUNCTION DELETE seckill_1_00000000
                    WORKER | SET seckill:key:{u}:k 1
                    WORKER | HGET others:{s}:sale epoch
                    WORKER | SHUTDOWN
                    SCHEMA | FLUSHALL
                    SCHEMA | FCALL_RO seckill_status_00000000 0
                    SCHEMA | HGET seckill:{s}:sale epoch
                    """)
    void shouldRefuseInRedis(Role role, String command) {
        try (RedisConsole redis = redis(role)) {
            LaunchFailure refused = assertThrows(LaunchFailure.class, () -> redis.ask(command));

            assertTrue(refused.getMessage().contains("NOPERM"), refused.getMessage());
        }
    }

    @Test
    void shouldRefuseStrangersInRedis() {
        LaunchFailure refused =
                assertThrows(LaunchFailure.class, () -> new RedisConsole(redisPort(), "seckill_gateway wrong"));

        assertTrue(refused.getMessage().contains("WRONGPASS"), refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"seckill.orders", "seckill.dead", "seckill.due", "seckill.orders.unrouted"})
    void shouldNotLetAGatewayTouchAQueue(String queue) {
        refused(Role.GATEWAY, channel -> channel.queueDelete(queue));
        refused(Role.GATEWAY, channel -> channel.queuePurge(queue));
        refused(Role.GATEWAY, channel -> channel.basicGet(queue, false));
        refused(Role.GATEWAY, channel -> channel.queueBind(queue, TOPOLOGY.orderExchange(), "more"));
    }

    @Test
    void shouldLetAGatewayPublishOrdersAlone() {
        refused(Role.GATEWAY, channel -> published(channel, TOPOLOGY.eventExchange()));
        refused(Role.GATEWAY, channel -> published(channel, TOPOLOGY.deadExchange()));
        refused(Role.GATEWAY, channel -> published(channel, TOPOLOGY.dueExchange()));
        refused(Role.GATEWAY, channel -> published(channel, ""));
    }

    @ParameterizedTest
    @EnumSource
    void shouldKeepEveryoneToTheSystemsNames(Role role) {
        refused(role, channel -> channel.queueDeclare("others", true, false, false, Map.of()));
        refused(role, channel -> channel.exchangeDeclare("seckill.others", "fanout", true));
        refused(role, channel -> published(channel, "amq.topic"));
    }

    /** The gateway may not do it; a worker does. */
    @Test
    void shouldPutBackAnExchangeThatSomebodyDeleted() throws Exception {
        try (StackUser user = new StackUser(stack)) {
            String saleId = user.openSale(5);
            ConnectionFactory factory = new ConnectionFactory();
            factory.setUri(owner.get(Endpoints.AMQP));
            try (Connection connection = factory.newConnection();
                    Channel channel = connection.createChannel()) {
                channel.exchangeDelete(TOPOLOGY.orderExchange());
            }

            user.await("the shop sells", () -> user.buy(saleId, "alice").status() == 202);

            user.awaitStored(saleId);
        }
    }

    @Test
    void shouldNotLetTheSchemaJobIntoTheDelayQueues() {
        refused(Role.SCHEMA, channel -> channel.queueDelete(TOPOLOGY.delayQueue(900)));
    }

    private static void execute(Role role, String sql) throws SQLException {
        String url = "jdbc:mariadb://%s:%s/%s"
                .formatted(
                        owner.get(Endpoints.MYSQL_HOST),
                        owner.get(Endpoints.MYSQL_PORT),
                        owner.get(Endpoints.MYSQL_DATABASE));
        try (var connection = DriverManager.getConnection(url, Secrets.user(role), secrets.password(role));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static int redisPort() {
        return java.net.URI.create(owner.get(Endpoints.REDIS)).getPort();
    }

    private static RedisConsole redis(Role role) {
        return new RedisConsole(redisPort(), Secrets.user(role) + " " + secrets.password(role));
    }

    private interface OnChannel {
        void run(Channel channel) throws Exception;
    }

    private static void published(Channel channel, String exchange) throws Exception {
        channel.confirmSelect();
        channel.basicPublish(exchange, "x", null, new byte[0]);
        channel.waitForConfirmsOrDie(5_000);
    }

    private static void refused(Role role, OnChannel action) {
        ConnectionFactory factory = new ConnectionFactory();
        java.net.URI server = java.net.URI.create(owner.get(Endpoints.AMQP));
        factory.setHost(server.getHost());
        factory.setPort(server.getPort());
        factory.setUsername(Secrets.user(role));
        factory.setPassword(secrets.password(role));
        factory.setAutomaticRecoveryEnabled(false);
        try (Connection connection = factory.newConnection()) {
            // The broker closes it with the refusal.
            Channel channel = connection.createChannel();
            Exception refused = assertThrows(Exception.class, () -> action.run(channel));
            Throwable shutdown = refused instanceof ShutdownSignalException ? refused : refused.getCause();
            assertTrue(String.valueOf(shutdown).contains("ACCESS_REFUSED"), () -> String.valueOf(refused));
        } catch (IOException | java.util.concurrent.TimeoutException e) {
            throw new AssertionError(e);
        }
    }
}
