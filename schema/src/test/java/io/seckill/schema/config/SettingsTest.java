package io.seckill.schema.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.schema.redis.SaleKeys;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
    private final Map<String, String> environment = new HashMap<>(Map.of(
            "SECKILL_REDIS_URI", "redis://:hush1@r:1",
            "SECKILL_AMQP_URI", "amqp://u:hush2@a:2/v",
            "SECKILL_MYSQL_HOST", "m",
            "SECKILL_MYSQL_PASSWORD", "hush3"));

    @Test
    void shouldReadServersWithDefaults() {
        ServerSettings servers = read();

        assertEquals(3306, servers.mysqlPort());
        assertEquals("seckill", servers.mysqlUser());
        assertEquals("seckill", servers.mysqlDatabase());
        assertEquals("seckill", servers.amqpPrefix());
    }

    @Test
    void shouldNeverShowASecret() {
        assertFalse(read().toString().contains("hush"), read().toString());
        environment.put("SECKILL_AMQP_URI", "http://u:hush2@a");
        environment.put("SECKILL_REDIS_URI", "hush1 hush1");
        assertFalse(errors().toString().contains("hush"), errors().toString());
    }

    @Test
    void shouldReportAllErrorsAtOnceWithNameAndWhatIsExpected() {
        environment.clear();
        environment.put("SECKILL_MYSQL_PORT", "70000");
        environment.put("SECKILL_MYSQL_DATABASE", "x; DROP");
        environment.put("SECKILL_AMQP_PREFIX", "NO");

        List<String> errors = errors();

        assertEquals(6, errors.size(), errors::toString);
        assertTrue(errors.get(0).startsWith("SECKILL_REDIS_URI is not set; expected redis://"), errors.get(0));
        assertTrue(errors.contains("SECKILL_MYSQL_PORT=70000 is not valid; expected a whole number from 1 to 65535"));
    }

    @Test
    void shouldTakeWhatIsBlankAsNotSet() {
        environment.put("SECKILL_MYSQL_PORT", " ");
        assertEquals(3306, read().mysqlPort());
    }

    @Test
    void shouldKnowSaleIds() {
        assertTrue(SaleKeys.isSaleId("friday-2"));
        for (String bad : new String[] {"", "-a", "A", "a}b", "a b", "a".repeat(33), "ü"}) {
            assertFalse(SaleKeys.isSaleId(bad), bad);
        }
        assertEquals("friday", SaleKeys.saleOf(SaleKeys.of("friday").sale()));
        assertEquals("", SaleKeys.saleOf("something else"));
    }

    private ServerSettings read() {
        Settings settings = new Settings(environment::get);
        return settings.finish(ServerSettings.read(settings));
    }

    private List<String> errors() {
        Settings settings = new Settings(environment::get);
        ServerSettings servers = ServerSettings.read(settings);
        return assertThrows(InvalidSettings.class, () -> settings.finish(servers))
                .errors();
    }
}
