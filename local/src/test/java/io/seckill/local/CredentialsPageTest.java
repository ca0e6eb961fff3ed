package io.seckill.local;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.schema.access.AmqpAccess;
import io.seckill.schema.access.MysqlAccess;
import io.seckill.schema.access.RedisAccess;
import io.seckill.schema.access.Role;
import io.seckill.schema.amqp.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** docs/credentials.md tells what the code grants. */
class CredentialsPageTest {
    private static final Pattern ON_TABLE = Pattern.compile("GRANT (.+) ON `seckill`\\.`(\\w+)` TO .*");

    private static String page;

    @BeforeAll
    static void read() throws IOException {
        Path file = Settings.repository(Path.of(".")).resolve("docs/credentials.md");
        page = Files.readString(file).replaceAll("\\s+", " ");
    }

    @ParameterizedTest
    @EnumSource
    void shouldTellTheRulesOfRedis(Role role) {
        tells("ACL SETUSER " + Secrets.user(role) + " reset on >PASSWORD " + String.join(" ", RedisAccess.rules(role)));
    }

    @ParameterizedTest
    @EnumSource
    void shouldTellThePatternsOfRabbitMq(Role role) {
        AmqpAccess access = AmqpAccess.of(role, new Topology("seckill"));

        tells("rabbitmqctl set_permissions %s '%s' '%s' '%s'"
                .formatted(Secrets.user(role), access.configure(), access.write(), access.read()));
    }

    @Test
    void shouldTellTheSchemaJobsGrant() {
        MysqlAccess.grants(Role.SCHEMA, "seckill", Secrets.user(Role.SCHEMA)).forEach(grant -> tells(grant + ";"));
    }

    @Test
    void shouldTellWhatIsGrantedOnTables() {
        for (Role role : new Role[] {Role.GATEWAY, Role.WORKER}) {
            for (String grant : MysqlAccess.grants(role, "seckill", Secrets.user(role))) {
                Matcher table = ON_TABLE.matcher(grant);
                assertTrue(table.matches(), grant);
                String column = role == Role.GATEWAY ? "" : "[^|]*\\|";
                String row = "\\| `" + table.group(2) + "`( \\(view\\))? \\|" + column + " " + table.group(1) + " \\|";
                assertTrue(Pattern.compile(row).matcher(page).find(), () -> "not told: " + grant);
            }
        }
    }

    private static void tells(String text) {
        assertTrue(page.contains(text), () -> "not told: " + text);
    }
}
