package io.seckill.worker;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.seckill.schema.amqp.Topology;
import io.seckill.schema.config.ServerSettings;
import io.seckill.schema.config.Settings;
import io.seckill.schema.db.Migrations;
import io.seckill.schema.message.Lot;
import io.seckill.schema.message.OrderBatch;
import io.seckill.schema.message.OrderLine;
import io.seckill.schema.redis.FunctionLibrary;
import io.seckill.schema.redis.RedisLink;
import io.seckill.schema.redis.ReserveOutcome;
import io.seckill.schema.redis.ReserveReply;
import io.seckill.schema.redis.SaleKeys;
import io.seckill.schema.redis.SeckillFunctions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import java.io.IOException;
import java.net.URI;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Assertions;

/** A database and a topology of a test's own on the real servers; both are dropped at the end. */
final class TestStack implements AutoCloseable {
    /** When test orders were created, unless a test says otherwise: 2096-03-01T10:00:00.123Z, so that none is due. */
    static final long CREATED_AT_MS = 3_981_434_400_123L;

    static final int WINDOW_S = 900;
    static final int SHORT_WINDOW_S = 1;

    final Topology topology;
    final Vertx vertx = Vertx.vertx();

    private final Map<String, String> environment = new HashMap<>();
    private final java.sql.Connection mysql;
    private final Connection rabbit;
    private final Channel channel;
    private final List<Worker> workers = new ArrayList<>();
    private final List<String> loaded = new ArrayList<>();
    private final Set<Integer> windows = new HashSet<>(Set.of(WINDOW_S));
    private RedisLink redis;
    private long seq;

    TestStack() throws Exception {
        String id = UUID.randomUUID().toString().substring(0, 8);
        for (String name : new String[] {
            "SECKILL_REDIS_URI",
            "SECKILL_AMQP_URI",
            "SECKILL_MYSQL_HOST",
            "SECKILL_MYSQL_PORT",
            "SECKILL_MYSQL_USER",
            "SECKILL_MYSQL_PASSWORD"
        }) {
            String value = System.getenv(name);
            if (value == null || value.isBlank()) {
                Assertions.fail(name + " is not set: these tests need real servers; run ./seckill test");
            }
            environment.put(name, value);
        }
        environment.put("SECKILL_MYSQL_DATABASE", "seckill_" + id);
        environment.put("SECKILL_AMQP_PREFIX", "test-" + id);
        environment.put("SECKILL_MANAGEMENT_PORT", "0");
        // Most tests have sales that Redis never heard of.
        environment.put("SECKILL_REBUILD", "off");
        ServerSettings servers = config(Map.of()).servers();
        String jdbc = "jdbc:mariadb://" + servers.mysqlHost() + ":" + servers.mysqlPort();
        String options = "?allowPublicKeyRetrieval=true";
        try (var connection = DriverManager.getConnection(
                        jdbc + "/" + options, servers.mysqlUser(), servers.mysqlPassword());
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + servers.mysqlDatabase());
        }
        Migrations.apply(servers);
        mysql = DriverManager.getConnection(
                jdbc + "/" + servers.mysqlDatabase() + options, servers.mysqlUser(), servers.mysqlPassword());
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(URI.create(servers.amqp().uri()));
        rabbit = factory.newConnection("order-worker tests");
        channel = rabbit.createChannel();
        channel.confirmSelect();
        topology = new Topology(servers.amqpPrefix());
        topology.declare(channel);
    }

    WorkerConfig config(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(settings);
        Function<String, String> lookup = all::get;
        return WorkerConfig.read(lookup);
    }

    /** Of a process that works on this stack. */
    Map<String, String> environment() {
        return Map.copyOf(environment);
    }

    ServerSettings servers() {
        Settings settings = new Settings(environment::get);
        return settings.finish(ServerSettings.read(settings));
    }

    /** A worker that is ready. Settings come as name, value, name, value… */
    Worker worker(String... settings) throws Exception {
        Worker worker = startWorker(settings);
        Await.until("the worker is ready", worker::isReady);
        return worker;
    }

    Worker startWorker(String... settings) throws Exception {
        Map<String, String> map = new HashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            map.put(settings[i], settings[i + 1]);
        }
        Worker worker = await(Worker.start(vertx, config(map)));
        workers.add(worker);
        return worker;
    }

    void drain(Worker worker) throws Exception {
        workers.remove(worker);
        await(worker.drain());
    }

    void sale(String saleId, int stock) throws SQLException {
        sale(saleId, stock, 1, 1);
    }

    /** A sale in MySQL and in Redis, with a payment window of a second. */
    String shortSale(int stock) throws Exception {
        return shortSale(stock, SHORT_WINDOW_S);
    }

    /** The same with another window. */
    String shortSale(int stock, int windowSeconds) throws Exception {
        windows.add(windowSeconds);
        String saleId = "t" + UUID.randomUUID().toString().substring(0, 8);
        sale(saleId, stock);
        long now = System.currentTimeMillis();
        await(redis().load(SaleKeys.of(saleId), 1, stock, now - 3_600_000, now + 3_600_000, 5, windowSeconds, 1));
        loaded.add(saleId);
        return saleId;
    }

    /** Buys one unit for each of these users, as a gateway does, and sends the orders to the workers. */
    Lot buy(String saleId, String... users) throws Exception {
        Lot lot = reserve(saleId, 1, users);
        publish(new OrderBatch(List.of(lot)));
        return lot;
    }

    /** Buys without sending: the orders stay in the outbox. */
    Lot reserve(String saleId, int epoch, String... users) throws Exception {
        List<Wanted> wanted = new ArrayList<>();
        for (String user : users) {
            wanted.add(new Wanted(user, 1));
        }
        ReserveReply.Decided decided =
                (ReserveReply.Decided) await(redis().reserve(SaleKeys.of(saleId), epoch, 60_000, List.of(), wanted));
        List<OrderLine> lines = new ArrayList<>();
        for (int i = 0; i < users.length; i++) {
            lines.add(new OrderLine(
                    users[i], 1, ((ReserveOutcome.Accepted) decided.outcomes().get(i)).attempt()));
        }
        return new Lot(saleId, epoch, decided.seq(), decided.nowMs(), decided.paymentWindowSeconds(), lines);
    }

    /** Takes a sale's keys away, as FLUSHALL would. */
    void lose(String saleId) throws Exception {
        redis();
        SaleKeys keys = SaleKeys.of(saleId);
        await(redis.send(Request.cmd(Command.DEL)
                .arg(keys.sale())
                .arg(keys.buyers())
                .arg(keys.outbox())
                .arg(keys.lots())));
    }

    private record Wanted(String userId, int quantity) implements SeckillFunctions.Purchase {}

    /** Takes one key of a sale away, as an eviction would. */
    void loseBuyers(String saleId) throws Exception {
        redis();
        await(redis.send(Request.cmd(Command.DEL).arg(SaleKeys.of(saleId).buyers())));
    }

    /** What a restart does to the fence of every sale: the library's locals begin anew. */
    void restartFences() throws Exception {
        Redis client = Redis.createClient(vertx, servers().redis().uri());
        await(client.connect()
                .compose(connection -> connection.send(Request.cmd(Command.FUNCTION)
                        .arg("LOAD")
                        .arg("REPLACE")
                        .arg(FunctionLibrary.shipped().code())))
                .eventually(client::close));
    }

    /** Redis' functions, on a connection of this test. */
    SeckillFunctions redis() throws Exception {
        if (redis == null) {
            Redis client = Redis.createClient(vertx, servers().redis().uri());
            await(client.connect().compose(FunctionLibrary.shipped()::apply).eventually(client::close));
            redis = new RedisLink(vertx, servers().redis(), "tests", 5_000, FunctionLibrary.shipped()::verify).open();
            Await.until("connected to Redis", redis::isUp);
        }
        return new SeckillFunctions(redis);
    }

    int remaining(String saleId) throws Exception {
        return await(redis().status(SaleKeys.of(saleId))).remaining();
    }

    void sale(String saleId, int stock, int acceptEpoch, int epoch) throws SQLException {
        sql(
                "INSERT INTO sale_row (sale_id, title, price_amount, price_currency, stock, max_per_user, starts_at, ends_at,"
                        + " payment_window_s, accept_epoch, epoch, phase, created_at) VALUES ('" + saleId
                        + "', 't', 990, 'CNY', " + stock + ", 5, '2026-01-01', '2027-01-01', " + WINDOW_S + ", "
                        + acceptEpoch
                        + ", " + epoch + ", 'selling', UTC_TIMESTAMP(3))");
    }

    Lot lot(String saleId, int epoch, List<OrderLine> orders) {
        return new Lot(saleId, epoch, ++seq, CREATED_AT_MS, WINDOW_S, orders);
    }

    /** Orders of one unit by users {@code <prefix><from>} to {@code <prefix><to - 1>}. */
    static List<OrderLine> users(String prefix, int from, int to) {
        List<OrderLine> lines = new ArrayList<>();
        for (int i = from; i < to; i++) {
            lines.add(new OrderLine(prefix + i, 1, 1));
        }
        return lines;
    }

    OrderBatch batch(String saleId, int epoch, List<OrderLine> orders) {
        return new OrderBatch(List.of(lot(saleId, epoch, orders)));
    }

    void publish(OrderBatch batch) throws Exception {
        publish(Topology.orderBatchProperties(), batch.encode().getBytes());
    }

    void publish(AMQP.BasicProperties properties, byte[] body) throws Exception {
        channel.basicPublish(topology.orderExchange(), Topology.ORDER_BATCH_KEY, properties, body);
    }

    /** Waits for all confirms. */
    void published() throws Exception {
        channel.waitForConfirmsOrDie(30_000);
    }

    Channel channel() {
        return channel;
    }

    /** What the broker says of a queue, or null if there is none. */
    AMQP.Queue.DeclareOk queue(String name) throws Exception {
        try (Channel asking = rabbit.createChannel()) {
            return asking.queueDeclarePassive(name);
        } catch (IOException | AlreadyClosedException e) {
            return null;
        }
    }

    void sql(String sql) throws SQLException {
        try (Statement statement = mysql.createStatement()) {
            statement.execute(sql);
        }
    }

    long number(String sql) throws SQLException {
        try (Statement statement = mysql.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    List<String> texts(String sql) throws SQLException {
        try (Statement statement = mysql.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> texts = new ArrayList<>();
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
            return texts;
        }
    }

    /** Ids of all connections to this database but this test's own. */
    List<String> connectionsToDatabase() throws SQLException {
        long own = number("SELECT CONNECTION_ID()");
        List<String> ids = new ArrayList<>();
        try (Statement statement = mysql.createStatement();
                ResultSet rows = statement.executeQuery("SHOW PROCESSLIST")) {
            while (rows.next()) {
                if (servers().mysqlDatabase().equals(rows.getString("db")) && rows.getLong("Id") != own) {
                    ids.add(rows.getString("Id"));
                }
            }
        }
        return ids;
    }

    long orders(String saleId) throws SQLException {
        return number("SELECT COUNT(*) FROM orders WHERE sale_id = '" + saleId + "'");
    }

    long sold(String saleId) throws SQLException {
        return number("SELECT sold FROM sale_row WHERE sale_id = '" + saleId + "'");
    }

    /** Dead letters, recorded, with this reason. */
    long deadLetters(String reason) throws SQLException {
        return number("SELECT COUNT(*) FROM dead_letter WHERE reason LIKE '" + reason + "'");
    }

    /**
     * Drains all workers when nothing waits for them any more; then no message may be left, delivered or not. What a worker
     * had and did not begin goes back when it drains, such as the second copy of a message; the next one does it.
     */
    void drainAndExpectEmptyQueues() throws Exception {
        Await.equal(0L, "messages that wait", this::messages);
        for (Worker worker : List.copyOf(workers)) {
            drain(worker);
        }
        Await.until("nothing is left", () -> {
            if (messages() == 0) {
                return true;
            }
            Worker next = worker();
            Await.equal(0L, "messages that wait for the next", this::messages);
            drain(next);
            return false;
        });
    }

    private long messages() throws IOException {
        long count = 0;
        for (String queue :
                List.of(topology.orderQueue(), topology.unroutedQueue(), topology.dueQueue(), topology.deadQueue())) {
            count += channel.messageCount(queue);
        }
        return count;
    }

    static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws Exception {
        for (String saleId : loaded) {
            lose(saleId);
        }
        await(vertx.close());
        try (Channel last = rabbit.createChannel()) {
            for (String queue : new String[] {
                topology.orderQueue(), topology.unroutedQueue(), topology.deadQueue(), topology.dueQueue(),
            }) {
                last.queueDelete(queue);
            }
            for (int window : windows) {
                last.queueDelete(topology.delayQueue(window));
            }
            for (String exchange : new String[] {
                topology.orderExchange(),
                topology.unroutedExchange(),
                topology.deadExchange(),
                topology.dueExchange(),
                topology.eventExchange(),
                topology.nowhereExchange()
            }) {
                last.exchangeDelete(exchange);
            }
        }
        rabbit.close();
        sql("DROP DATABASE " + servers().mysqlDatabase());
        mysql.close();
    }
}
