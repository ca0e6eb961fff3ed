package io.seckill.gateway.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.gateway.http.TestTokens;
import io.seckill.schema.config.InvalidSettings;
import io.seckill.schema.config.Settings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityConfigTest {
    private static final String LOCAL = "local:" + TestTokens.KEYS.split(":", 2)[1];

    private final Map<String, String> environment = new HashMap<>();
    private String httpHost = "127.0.0.1";

    @Test
    void shouldTakeKeysOrAProviderOrBoth() {
        environment.put("SECKILL_JWT_KEYS", TestTokens.KEYS);
        assertFalse(read().hasProvider());
        assertEquals("role", read().rules().roleClaim());

        provider();
        assertTrue(read().hasProvider());
        assertEquals(300_000, read().jwksRefreshMs());
        environment.remove("SECKILL_JWT_KEYS");
        assertTrue(read().jwtKeys().secrets().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://issuer.example/keys",
                "http://127.0.0.1.example/keys",
                "http://10.0.0.1/keys",
                "ftp://issuer.example/keys",
                "https://user:word@issuer.example/keys",
                "https:///keys",
                "https://issuer.example/keys#x",
                "issuer.example",
                "x y"
            })
    void shouldRefuseToTrustKeysThatAnybodyMaySend(String url) {
        provider();
        environment.put("SECKILL_JWKS_URL", url);

        assertEquals(1, errors().size(), errors()::toString);
        assertTrue(errors().get(0).startsWith("SECKILL_JWKS_URL=" + url + " is not valid"), errors()::toString);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://issuer.example/realms/shop/protocol/openid-connect/certs",
                "https://issuer.example:8443/keys?p=x",
                "http://localhost:8180/keys",
                "http://127.0.0.1/keys",
                "http://[::1]:80/keys"
            })
    void shouldTakeKeysByHttpsOrFromThisMachine(String url) {
        provider();
        environment.put("SECKILL_JWKS_URL", url);

        assertEquals(url, read().jwksUrl());
    }

    @Test
    void shouldWantTheIssuerWithTheProviderOnly() {
        provider();
        environment.remove("SECKILL_JWT_ISSUER");
        assertEquals(
                List.of("SECKILL_JWT_ISSUER is not set, but SECKILL_JWKS_URL is; expected the iss of its tokens"),
                errors());

        environment.remove("SECKILL_JWKS_URL");
        environment.put("SECKILL_JWT_ISSUER", "https://issuer.example/");
        environment.put("SECKILL_JWT_KEYS", TestTokens.KEYS);
        assertEquals(1, errors().size(), errors()::toString);
    }

    @ParameterizedTest
    @CsvSource({
        "SECKILL_JWKS_CA,/nowhere",
        "SECKILL_JWKS_REFRESH_MS,9999",
        "SECKILL_JWKS_REFRESH_MS,86400001",
        "SECKILL_JWT_ROLE_CLAIM,sub",
        "SECKILL_DEMO_IDENTITY,yes"
    })
    void shouldRefuse(String name, String value) {
        provider();
        environment.put(name, value);

        assertEquals(1, errors().size(), errors()::toString);
        assertTrue(errors().get(0).startsWith(name + "=" + value), errors()::toString);
    }

    @Test
    void shouldLetAnybodyInOnALocalStackOnly() {
        environment.put("SECKILL_DEMO_IDENTITY", "true");
        environment.put("SECKILL_JWT_KEYS", LOCAL);
        assertTrue(read().demo());
        environment.put("SECKILL_DEMO_IDENTITY", "false");
        assertFalse(read().demo());
    }

    @ParameterizedTest
    @ValueSource(strings = {"prod", "local2", "LOCAL", "demo-local"})
    void shouldRefuseTheDemoBesideAnyOtherKey(String kid) {
        environment.put("SECKILL_DEMO_IDENTITY", "true");
        environment.put("SECKILL_JWT_KEYS", LOCAL + "," + LOCAL.replace("local:", kid + ":"));

        assertEquals(1, errors().size(), errors()::toString);
        assertTrue(
                errors().get(0).contains("SECKILL_JWT_KEYS has keys of other ids than local: ["), errors()::toString);
    }

    @Test
    void shouldRefuseTheDemoBesideAProvider() {
        environment.put("SECKILL_DEMO_IDENTITY", "true");
        provider();
        assertEquals(List.of("SECKILL_DEMO_IDENTITY=true is for a local stack, but SECKILL_JWKS_URL is set"), errors());
        environment.put("SECKILL_JWT_KEYS", LOCAL);
        assertEquals(1, errors().size(), errors()::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "10.0.0.1", "shop.example"})
    void shouldRefuseTheDemoWhereOthersCanCall(String host) {
        environment.put("SECKILL_DEMO_IDENTITY", "true");
        environment.put("SECKILL_JWT_KEYS", LOCAL);
        httpHost = host;

        assertEquals(
                List.of("SECKILL_DEMO_IDENTITY=true is for a local stack, but SECKILL_HTTP_HOST is " + host
                        + ", no loopback address"),
                errors());
    }

    @Test
    void shouldTellAllThatIsWrongWithTheDemoAtOnce() {
        environment.put("SECKILL_DEMO_IDENTITY", "true");
        environment.put("SECKILL_JWT_KEYS", TestTokens.KEYS);
        provider();
        httpHost = "0.0.0.0";

        assertEquals(3, errors().size(), errors()::toString);
    }

    private void provider() {
        environment.put("SECKILL_JWKS_URL", "https://issuer.example/keys");
        environment.put("SECKILL_JWT_ISSUER", "https://issuer.example/");
    }

    private IdentityConfig read() {
        Settings settings = new Settings(environment::get);
        return settings.finish(IdentityConfig.read(settings, httpHost));
    }

    private List<String> errors() {
        return assertThrows(InvalidSettings.class, this::read).errors();
    }
}
