package io.seckill.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.Channel;
import io.seckill.schema.amqp.AmqpGeneration;
import io.seckill.schema.amqp.Topology;
import io.seckill.schema.config.RedisAddress;
import io.seckill.schema.config.ServerAddress;
import io.seckill.schema.config.ServerSettings;
import io.seckill.schema.db.SchemaVersion;
import io.seckill.schema.testing.Await;
import io.seckill.schema.testing.TestServers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.mysqlclient.MySQLConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Empty servers get everything, full ones nothing; what is missing is said; the tables guard themselves. */
class SchemaMainIT {
    private static final String SALE =
            "INSERT INTO sale_row (sale_id, title, price_amount, price_currency, stock, sold,"
                    + " max_per_user, starts_at, ends_at, payment_window_s, phase, created_at) VALUES ('%s', 't', 1, 'CNY', 2, %d,"
                    + " 1, UTC_TIMESTAMP(3) + INTERVAL %d HOUR, UTC_TIMESTAMP(3) + INTERVAL %d HOUR, 60, '%s', UTC_TIMESTAMP(3))";
    private static final String ORDER = "INSERT INTO orders (order_id, sale_id, user_id, quantity, attempt, state,"
            + " created_at, pay_by, epoch, lot_seq, batch_id) VALUES ('%s', 's', '%s', 1, 1, '%s', UTC_TIMESTAMP(3),"
            + " UTC_TIMESTAMP(3), 1, 1, 1)";

    private final Vertx vertx = Vertx.vertx();
    private final ServerSettings servers = TestServers.servers(TestServers.environment());
    private final Topology topology = new Topology(servers.amqpPrefix());

    @BeforeEach
    void createDatabase() {
        TestServers.createDatabase(vertx, servers);
    }

    @AfterEach
    void dropEverything() {
        TestServers.dropDatabase(vertx, servers);
        onChannel(channel -> {
            for (String queue : new String[] {topology.orderQueue(), topology.unroutedQueue(), topology.deadQueue()}) {
                channel.queueDelete(queue);
            }
            channel.exchangeDelete(topology.orderExchange());
            channel.exchangeDelete(topology.unroutedExchange());
            channel.exchangeDelete(topology.deadExchange());
            return null;
        });
        Await.result(vertx.close());
    }

    @Test
    void shouldApplyOnceAndThenChangeNothing() {
        String first = Await.result(SchemaMain.apply(vertx, servers, Map.of()));
        assertTrue(first.contains("MySQL: 3 migration(s) applied"), first);
        String second = Await.result(SchemaMain.apply(vertx, servers, Map.of()));
        assertTrue(second.contains("MySQL: unchanged") && second.contains("Redis: unchanged"), second);
        onChannel(channel -> channel.queueDeclarePassive(topology.orderQueue()));
    }

    @Test
    void shouldSayWhatIsMissing() {
        String tables = Await.failure(onMysql(SchemaVersion::verify)).getMessage();
        assertTrue(tables.contains("missing") && tables.contains("SchemaMain"), tables);

        Await.result(SchemaMain.apply(vertx, servers, Map.of()));
        Await.result(onMysql(SchemaVersion::verify));
    }

    @Test
    void shouldNameEveryServerThatFailed() {
        ServerSettings away = new ServerSettings(
                RedisAddress.plain("redis://:hush@127.0.0.1:1"),
                ServerAddress.plain("amqp://u:hush@127.0.0.1:1"),
                "p",
                "127.0.0.1",
                1,
                "u",
                "hush",
                "d",
                "");
        String problem = Await.failure(SchemaMain.apply(vertx, away, Map.of())).getMessage();
        for (String server :
                new String[] {"Redis at 127.0.0.1:1: ", "RabbitMQ at 127.0.0.1:1: ", "MySQL at 127.0.0.1:1: "}) {
            assertTrue(problem.contains(server), problem);
        }
        assertFalse(problem.contains("hush"), problem);
    }

    @Test
    void shouldGuardTheTables() {
        Await.result(SchemaMain.apply(vertx, servers, Map.of()));
        sql(SALE.formatted("s", 0, -1, 1, "selling"));
        sql(ORDER.formatted("00000000-0000-5000-8000-000000000001", "u", "pending_payment"));

        refused(ORDER.formatted("00000000-0000-5000-8000-000000000002", "u", "paid"), "Duplicate");
        sql(ORDER.formatted("00000000-0000-5000-8000-000000000003", "U", "paid"));
        sql(ORDER.formatted("00000000-0000-5000-8000-000000000004", "u", "cancelled"));
        // Bought anew after a cancel, and the old order may not come back to life beside it.
        sql("UPDATE orders SET state = 'cancelled' WHERE user_id = 'u'");
        sql(ORDER.formatted("00000000-0000-5000-8000-000000000005", "u", "pending_payment"));
        refused(
                "UPDATE orders SET state = 'paid' WHERE order_id = '00000000-0000-5000-8000-000000000001'",
                "Duplicate");
        sql("UPDATE orders SET state = 'paid' WHERE order_id = '00000000-0000-5000-8000-000000000005'");
        refused(ORDER.formatted("00000000-0000-5000-8000-000000000005", "v", "paid"), "Duplicate");
        sql("UPDATE sale_row SET sold = 2 WHERE sale_id = 's'");
        refused("UPDATE sale_row SET sold = 3 WHERE sale_id = 's'", "sale_never_oversold");
        refused("UPDATE sale_row SET sold = -1 WHERE sale_id = 's'", "sale_never_oversold");
    }

    @Test
    void shouldShowTheStatesOfTheContract() {
        Await.result(SchemaMain.apply(vertx, servers, Map.of()));
        sql(SALE.formatted("soon", 0, 1, 2, "selling"));
        sql(SALE.formatted("now", 0, -1, 1, "selling"));
        sql(SALE.formatted("full", 2, -1, 1, "selling"));
        sql(SALE.formatted("over", 0, -2, -1, "selling"));
        sql(SALE.formatted("stopped", 0, -1, 1, "ended"));
        sql(SALE.formatted("held", 0, -1, 1, "paused"));
        sql(SALE.formatted("new", 0, -1, 1, "loading"));
        sql(SALE.formatted("lost", 0, -1, 1, "selling"));
        sql(SALE.formatted("lost-late", 0, -2, -1, "selling"));
        sql("INSERT INTO sale_rebuild (sale_id, reason, began_at) SELECT sale_id, 'test', UTC_TIMESTAMP(3)"
                + " FROM sale_row WHERE sale_id LIKE 'lost%'");

        StringBuilder states = new StringBuilder();
        sql("SELECT sale_id, state FROM sale ORDER BY sale_id").forEach(row -> states.append(row.getString(0))
                .append('=')
                .append(row.getString(1))
                .append(' '));
        assertEquals(
                "full=sold_out held=paused lost=recovering lost-late=ended new=recovering now=open over=ended"
                        + " soon=scheduled stopped=ended",
                states.toString().trim());
    }

    private interface OnMysql<T> {
        Future<T> apply(MySQLConnection connection);
    }

    private interface OnChannel<T> {
        T apply(Channel channel) throws java.io.IOException;
    }

    private <T> Future<T> onMysql(OnMysql<T> use) {
        return MySQLConnection.connect(vertx, servers.mysql())
                .compose(connection -> use.apply(connection).eventually(connection::close));
    }

    private RowSet<Row> sql(String statement) {
        return Await.result(onMysql(connection -> connection.query(statement).execute()));
    }

    private void refused(String statement, String reason) {
        String problem = Await.failure(
                        onMysql(connection -> connection.query(statement).execute()))
                .getMessage();
        assertTrue(problem.contains(reason), problem);
    }

    private Future<AmqpGeneration> open() {
        return AmqpGeneration.open(vertx, servers.amqp(), "test", 10_000);
    }

    private <T> T onChannel(OnChannel<T> use) {
        return Await.result(
                open().compose(generation -> generation.onChannel(use::apply).eventually(generation::close)));
    }
}
