package io.seckill.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.schema.access.AmqpAccess;
import io.seckill.schema.access.MysqlAccess;
import io.seckill.schema.access.RedisAccess;
import io.seckill.schema.access.Role;
import io.seckill.schema.amqp.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The users that the local overlay's servers are told have the rights that the code says. */
class LocalUsersTest {
    @ParameterizedTest
    @EnumSource
    void shouldGiveRedisItsRules(Role role) throws IOException {
        assertEquals(
                List.of("user seckill_%s \"$%s_PASSWORD\" '%s'"
                        .formatted(role.id(), role, String.join(" ", RedisAccess.rules(role)))),
                lines("redis-users.sh", "user seckill_" + role.id()));
    }

    @ParameterizedTest
    @EnumSource
    void shouldGiveRabbitMqItsPatterns(Role role) throws IOException {
        AmqpAccess access = AmqpAccess.of(role, new Topology("seckill"));
        String patterns = Stream.of(access.configure(), access.write(), access.read())
                // Of JSON.
                .map(pattern -> " '" + pattern.replace("\\", "\\\\") + "'")
                .reduce("", String::concat);

        assertEquals(
                List.of("printf , && may seckill_" + role.id() + patterns),
                lines("rabbitmq-users.sh", "may seckill_" + role.id()));
    }

    @Test
    void shouldLetTheSchemaJobMigrateAndGrant() throws IOException {
        List<String> grants = MysqlAccess.grants(Role.SCHEMA, "seckill", "seckill_schema").stream()
                .map(grant -> grant + ";")
                .toList();

        assertEquals(grants, lines("mysql-users.sh", "GRANT"));
    }

    @ParameterizedTest
    @EnumSource
    void shouldMakeTheUserOnEachServer(Role role) throws IOException {
        for (String server : List.of("redis", "rabbitmq", "mysql")) {
            String wanted = "user seckill_%s \"$%s_PASSWORD\"".formatted(role.id(), role);
            assertTrue(lines(server + "-users.sh", wanted).size() == 1, () -> server + ": " + wanted);
        }
    }

    /** The commands with a text in them, each on one line. */
    private static List<String> lines(String file, String text) throws IOException {
        String script = Files.readString(Repository.overlay("local").resolve(file));
        return script.replaceAll("\\\\\\n\\s*", "")
                .lines()
                .map(String::strip)
                .filter(line -> line.contains(text))
                .toList();
    }
}
