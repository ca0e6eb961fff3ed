package io.seckill.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.schema.access.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndpointsTest {
    private static final Secrets OWN = new Secrets(
            "r3d15",
            "4mqp",
            "my5ql",
            "local:key",
            "p4ym3nt",
            Map.of(Role.GATEWAY, "g4t3", Role.WORKER, "w0rk", Role.SCHEMA, "5ch3m4"));

    @Test
    void shouldPointAtOurOwnServers() {
        StackRecord stack = new StackRecord(List.of("redis"), Map.of("redis.port", 7001, "mysql.port", 7002), Map.of());

        Map<String, String> variables = Endpoints.of(stack, OWN).variables();

        assertEquals("redis://:r3d15@127.0.0.1:7001", variables.get("SECKILL_REDIS_URI"));
        assertEquals("amqp://seckill:4mqp@127.0.0.1:15673", variables.get("SECKILL_AMQP_URI"));
        assertEquals("7002", variables.get("SECKILL_MYSQL_PORT"));
        assertEquals("seckill", variables.get("SECKILL_MYSQL_DATABASE"));
    }

    @Test
    void shouldUseServersThatWereNamedBeforehand() {
        Map<String, String> external =
                Endpoints.external(Map.of("SECKILL_REDIS_URI", "redis://cache:6379", "SECKILL_MYSQL_HOST", "db"), OWN);

        assertTrue(Endpoints.isExternal("redis", external));
        assertFalse(Endpoints.isExternal("rabbitmq", external));
        assertTrue(Endpoints.isExternal("mysql", external));
        assertEquals("3306", external.get("SECKILL_MYSQL_PORT"));
        Map<String, String> variables = Endpoints.of(new StackRecord(List.of(), Map.of(), external), OWN)
                .variables();
        assertEquals("redis://cache:6379", variables.get("SECKILL_REDIS_URI"));
        assertEquals("db", variables.get("SECKILL_MYSQL_HOST"));
        assertEquals("", variables.get("SECKILL_MYSQL_PASSWORD"));
    }

    @Test
    void shouldNotTakeOurOwnSourcedAddressesForSomebodyElses() {
        Map<String, String> sourced =
                new HashMap<>(Endpoints.of(StackRecord.EMPTY, OWN).variables());

        assertEquals(Map.of(), Endpoints.external(sourced, OWN));
    }

    @Test
    void shouldRememberAStack(@TempDir Path folder) {
        Home home = new Home(folder);
        StackRecord stack = new StackRecord(
                List.of("payments", "gateway-10", "worker-1", "gateway-9", "redis"),
                Map.of("gateway-9.http", 8088),
                Map.of("SECKILL_AMQP_URI", "amqp://u:p\\=#!@h"));

        stack.save(home);

        assertEquals(stack, StackRecord.load(home));
        assertEquals(
                List.of("redis", "gateway-9", "gateway-10", "worker-1", "payments"),
                StackRecord.load(home).processes());
        StackRecord.forget(home);
        assertEquals(StackRecord.EMPTY, StackRecord.load(home));
    }

    @Test
    void shouldMakeSecretsOnce(@TempDir Path folder) {
        Secrets first = Secrets.of(new Home(folder));

        assertEquals(first, Secrets.of(new Home(folder)));
        assertTrue(first.jwtKeys().matches("local:[A-Za-z0-9_-]{43}"));
        assertTrue(first.payment().matches("[A-Za-z0-9_-]{43}"));
        assertFalse(first.toString().contains(first.redis()));
    }

    @Test
    void shouldAddTheSecretThatAnOlderHomeLacks(@TempDir Path folder) throws IOException {
        Home home = new Home(folder);
        Home.writePrivate(home.conf().resolve("secrets"), "redis=r\namqp=a\nmysql=m\njwt=local:k\n");

        Secrets completed = Secrets.of(home);

        assertEquals(new Secrets("r", "a", "m", "local:k", completed.payment(), completed.roles()), completed);
        assertTrue(completed.payment().matches("[A-Za-z0-9_-]{43}"));
        assertEquals(completed, Secrets.of(home));
    }
}
