package io.seckill.schema.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerSettingsTest {
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
    void shouldKeepPreparedStatementsHoweverLongTheyAre() {
        assertTrue(read().mysql().getCachePreparedStatements());
        assertTrue(read().mysql().getPreparedStatementCacheSqlFilter().test("?,".repeat(100_000)));
    }

    @Test
    void shouldNeverShowASecret() {
        assertEquals("redis=r:1 amqp=a:2 mysql=m:3306/seckill", read().toString());
        environment.put("SECKILL_AMQP_URI", "http://u:hush2@a");
        environment.put("SECKILL_REDIS_URI", "hush1 hush1");
        environment.put("SECKILL_MYSQL_PORT", "none");
        assertEquals(3, errors().size());
        assertFalse(errors().toString().contains("hush"), errors().toString());
    }

    @Test
    void shouldReportAllErrorsAtOnceWithNameAndWhatIsExpected() {
        environment.clear();
        environment.put("SECKILL_MYSQL_PORT", "70000");
        environment.put("SECKILL_MYSQL_DATABASE", "x; DROP");
        environment.put("SECKILL_AMQP_PREFIX", "NO");

        assertEquals(
                List.of(
                        "SECKILL_REDIS_URI is not set; expected redis://[[user]:password@]host:port, or"
                                + " redis-sentinel://[[user]:password@]host:port,host:port,...#name, or rediss for redis",
                        "SECKILL_AMQP_URI is not set; expected amqp://user:password@host:port[/vhost], or amqps://",
                        "SECKILL_AMQP_PREFIX=NO is not valid; expected 1-40 of a-z 0-9 _ -, the beginning of every"
                                + " exchange's and queue's name",
                        "SECKILL_MYSQL_HOST is not set; expected a host name or address",
                        "SECKILL_MYSQL_PORT=70000 is not valid; expected a whole number from 1 to 65535",
                        "SECKILL_MYSQL_DATABASE=x; DROP is not valid; expected 1-64 letters, digits or _"),
                errors());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "r:1",
                "http://r:1",
                "redis://",
                "redis:r",
                "redis://a b",
                "//r:1",
                "redis-sentinel://s:1",
                "redis-sentinel://s:1#",
                "redis-sentinel://s:1,#main",
                "redis-sentinel://s:1;t:2#main",
                "redis-sentinel://s:port#main"
            })
    void shouldRefuseWhatIsNoRedisUri(String uri) {
        environment.put("SECKILL_REDIS_URI", uri);
        List<String> errors = errors();
        assertEquals(1, errors.size());
        assertTrue(errors.get(0).startsWith("SECKILL_REDIS_URI "), errors.get(0));
        assertTrue(errors.get(0).contains("redis or rediss"), errors.get(0));
    }

    @Test
    void shouldReadSentinels() {
        environment.put("SECKILL_REDIS_URI", "redis-sentinel://me:hush1@s1:1,s2#main");
        environment.put("SECKILL_REDIS_SENTINEL_PASSWORD", "hush4");

        assertEquals("redis=main of Sentinels s1:1,s2:26379 amqp=a:2 mysql=m:3306/seckill", read().toString());
        assertEquals("hush4", read().redis().sentinel("s1:1").getPassword());
    }

    @Test
    void shouldRefuseASentinelPasswordWithoutSentinels() {
        environment.put("SECKILL_REDIS_SENTINEL_PASSWORD", "hush4");

        assertEquals(
                List.of("SECKILL_REDIS_SENTINEL_PASSWORD is set, but SECKILL_REDIS_URI names no Sentinels"), errors());
    }

    @ParameterizedTest
    @CsvSource({
        "SECKILL_REDIS_URI, rediss://r:1",
        "SECKILL_REDIS_URI, rediss-sentinel://:hush@s:1#main",
        "SECKILL_AMQP_URI, amqps://u:hush2@a:2/v",
        "SECKILL_MYSQL_TLS, verify"
    })
    void shouldNotEncryptWithoutKnowingWhomToBelieve(String name, String value) {
        environment.put(name, value);

        assertEquals(
                List.of("SECKILL_TLS_CA is not set, but " + name
                        + " asks for TLS; expected a PEM file with the certificates of the CAs to believe"),
                errors());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nowhere/ca.pem", "pom.xml", "/", "/dev/null"})
    void shouldRefuseAFileWithoutCertificates(String file) {
        environment.put("SECKILL_MYSQL_TLS", "verify");
        environment.put("SECKILL_TLS_CA", file);

        assertEquals(
                List.of("SECKILL_TLS_CA=" + file
                        + " is not valid; expected a readable PEM file with the certificates of the CAs to believe"),
                errors());
    }

    @Test
    void shouldRefuseACaThatNothingAsksFor() {
        environment.put("SECKILL_TLS_CA", "/nowhere/ca.pem");
        environment.put("SECKILL_MYSQL_TLS", "on");

        List<String> errors = errors();
        assertEquals(3, errors.size(), errors::toString);
        assertEquals("SECKILL_MYSQL_TLS=on is not valid; expected off or verify", errors.get(0));
        assertEquals(
                "SECKILL_TLS_CA is set, but nothing asks for TLS: neither rediss:// nor amqps:// nor"
                        + " SECKILL_MYSQL_TLS=verify",
                errors.get(2));
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
