package io.seckill.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.schema.SchemaMain;
import io.seckill.schema.access.Role;
import io.seckill.schema.amqp.AmqpGeneration;
import io.seckill.schema.amqp.Topology;
import io.seckill.schema.config.ServerSettings;
import io.seckill.schema.db.SchemaVersion;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.mysqlclient.MySQLConnection;
import io.vertx.redis.client.Redis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The three servers with certificates of a CA that is made here, for 127.0.0.1 alone: who is believed, and who is not. */
class TlsIT {
    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final int LIMIT_S = 30;
    private static final int AMQP_TIMEOUT_MS = 5_000;

    @TempDir
    private static Path folder;

    private static Vertx vertx;
    private static Settings settings;
    private static Secrets secrets;
    private static ThrowAwayCa ca;
    private static ThrowAwayCa stranger;
    private static int redisPort;
    private static int amqpPort;

    @BeforeAll
    static void up() throws Exception {
        vertx = Vertx.vertx();
        ca = new ThrowAwayCa(folder.resolve("ours"));
        stranger = new ThrowAwayCa(folder.resolve("theirs"));
        ThrowAwayCa.Identity identity = ca.issue("ip:127.0.0.1");
        Home home = new Home(folder.resolve("home"));
        settings = Settings.isolated(Settings.repository(Path.of(".")), home.path(), System.getenv());
        home.create();
        secrets = Secrets.of(home);
        redisPort = FreePorts.one();
        amqpPort = FreePorts.one();

        Map<Engine, ServerProgram> programs =
                new Provision(settings.packages(), new Progress(System.out)).programs(List.of(Engine.values()));
        RedisServer redis = new RedisServer(programs.get(Engine.REDIS), home, port(Listener.REDIS), secrets);
        Launch redisLaunch = redis.launch();
        append(home.conf().resolve("redis.conf"), """
                tls-port %d
                tls-cert-file %s
                tls-key-file %s
                tls-ca-cert-file %s
                tls-auth-clients no
                """.formatted(
                        redisPort, identity.certificate(), identity.key(), ca.certificate()));
        RabbitServer rabbit = new RabbitServer(
                programs.get(Engine.RABBITMQ),
                home,
                port(Listener.AMQP),
                port(Listener.AMQP_DISTRIBUTION),
                port(Listener.AMQP_EPMD),
                secrets,
                new Topology("seckill"));
        Launch rabbitLaunch = rabbit.launch();
        append(home.conf().resolve("rabbitmq.conf"), """
                listeners.ssl.local = 127.0.0.1:%d
                ssl_options.cacertfile = %s
                ssl_options.certfile = %s
                ssl_options.keyfile = %s
                ssl_options.verify = verify_none
                ssl_options.fail_if_no_peer_cert = false
                """.formatted(
                        amqpPort, ca.certificate(), identity.certificate(), identity.key()));
        MysqlServer mysql = new MysqlServer(programs.get(Engine.MYSQL), home, port(Listener.MYSQL), secrets);
        Launch mysqlLaunch = with(
                mysql.launch(),
                "--ssl-ca=" + ca.certificate(),
                "--ssl-cert=" + identity.certificate(),
                "--ssl-key=" + identity.key(),
                "--require-secure-transport=ON");

        Supervisor supervisor = new Supervisor(new PidFiles(home.run(), ProcessTable::arguments));
        supervisor.start(redisLaunch, redis::beforeStart);
        supervisor.start(rabbitLaunch, rabbit::beforeStart);
        supervisor.start(mysqlLaunch, mysql::beforeStart);
        for (Server server : List.of(redis, rabbit, mysql)) {
            supervisor.awaitReady(server.name(), home.log(server.name()), server::ready, START_LIMIT);
        }
    }

    @AfterAll
    static void down() throws Exception {
        new LocalStack(settings, new Progress(System.out)).down();
        finished(vertx.close());
    }

    @Test
    void shouldBelieveServersOfTheCa() throws Exception {
        ServerSettings servers = servers("127.0.0.1", ca);

        String applied =
                finished(SchemaMain.apply(vertx, servers, Map.of(Role.WORKER, MysqlServer.account(Role.WORKER))));

        assertTrue(applied.contains("rights granted to 1 user(s)"), applied);
        finished(mysql(servers));
        assertEquals("PONG", finished(redis(servers)));
        finished(amqp(servers));
    }

    @Test
    void shouldBelieveNoServerOfAnotherCa() {
        refused(servers("127.0.0.1", stranger));
    }

    @Test
    void shouldBelieveNoServerUnderAnotherName() {
        refused(servers("localhost", ca));
    }

    private static void refused(ServerSettings servers) {
        assertCertificate("redis", assertThrows(ExecutionException.class, () -> finished(redis(servers))));
        assertCertificate("rabbitmq", assertThrows(ExecutionException.class, () -> finished(amqp(servers))));
        assertCertificate("mysql", assertThrows(ExecutionException.class, () -> finished(mysql(servers))));
        String schema = assertThrows(
                        ExecutionException.class, () -> finished(SchemaMain.apply(vertx, servers, Map.of())))
                .getCause()
                .getMessage();
        assertTrue(
                schema.contains("Redis at ") && schema.contains("RabbitMQ at ") && schema.contains("MySQL at "),
                schema);
        for (Role role : Role.values()) {
            assertFalse(schema.contains(secrets.password(role)));
        }
    }

    /** Not for another reason. */
    private static void assertCertificate(String server, Throwable failure) {
        StringBuilder causes = new StringBuilder();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            causes.append(cause).append('\n');
        }
        assertTrue(
                causes.toString().contains("Certificate") || causes.toString().contains("certification path"),
                () -> server + ": " + causes);
    }

    private static Future<Void> mysql(ServerSettings servers) {
        return MySQLConnection.connect(vertx, servers.mysql())
                .compose(connection -> SchemaVersion.verify(connection).eventually(connection::close));
    }

    private static Future<String> redis(ServerSettings servers) {
        Redis client = Redis.createClient(vertx, servers.redis().server());
        return client.connect()
                .compose(connection ->
                        connection.send(io.vertx.redis.client.Request.cmd(io.vertx.redis.client.Command.PING)))
                .map(Object::toString)
                .eventually(client::close);
    }

    private static Future<Void> amqp(ServerSettings servers) {
        return vertx.<Void>executeBlocking(() -> null)
                .compose(v -> AmqpGeneration.open(vertx, servers.amqp(), "test", AMQP_TIMEOUT_MS))
                .compose(AmqpGeneration::close);
    }

    /** As the environment of the schema job would say it; as its owner, who may look into all of them. */
    private static ServerSettings servers(String host, ThrowAwayCa believed) {
        Map<String, String> environment = new TreeMap<>();
        environment.put("SECKILL_REDIS_URI", "rediss://:%s@%s:%d".formatted(secrets.redis(), host, redisPort));
        environment.put("SECKILL_AMQP_URI", "amqps://seckill:%s@%s:%d".formatted(secrets.amqp(), host, amqpPort));
        environment.put("SECKILL_MYSQL_HOST", host);
        environment.put("SECKILL_MYSQL_PORT", Integer.toString(port(Listener.MYSQL)));
        environment.put("SECKILL_MYSQL_USER", Secrets.user(Role.SCHEMA));
        environment.put("SECKILL_MYSQL_PASSWORD", secrets.password(Role.SCHEMA));
        environment.put("SECKILL_MYSQL_TLS", "verify");
        environment.put("SECKILL_TLS_CA", believed.certificate().toString());
        io.seckill.schema.config.Settings read = new io.seckill.schema.config.Settings(environment::get);
        return read.finish(ServerSettings.read(read));
    }

    private static int port(Listener listener) {
        return settings.moved().get(listener);
    }

    private static void append(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.APPEND);
    }

    private static Launch with(Launch launch, String... arguments) {
        List<String> command = new ArrayList<>(launch.command());
        command.addAll(List.of(arguments));
        return new Launch(
                launch.name(), launch.mark(), command, launch.environment(), launch.directory(), launch.log());
    }

    private static <T> T finished(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(LIMIT_S, TimeUnit.SECONDS);
    }
}
