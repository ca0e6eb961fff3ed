package io.seckill.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenClaimsTest {
    @Test
    void shouldReadWhatItAsksForAmongAllElse() throws IOException {
        TokenClaims claims = read("""
                {"iss":"https://issuer","more":{"sub":"eve","deep":[{"exp":1}]},"sub":"ann","list":["aud",["seckill"]],"exp":1700000000,
                 "nbf":1600000000.9,"role":"admin","aud":"seckill"}
                """);

        assertEquals(new TokenClaims("ann", 1_700_000_000L, 1_600_000_000L, "https://issuer", true, true), claims);
    }

    @Test
    void shouldLeaveOutWhatIsMissingOrOfAnotherKind() throws IOException {
        assertEquals(new TokenClaims(null, null, null, null, false, false), read("{}"));
        TokenClaims odd =
                read("{\"sub\":{\"sub\":\"ann\"},\"exp\":null,\"iss\":[\"i\"],\"role\":[[\"admin\"]],\"aud\":7}");
        assertEquals(new TokenClaims(null, null, null, null, false, false), odd);
    }

    @Test
    void shouldFindTheAudienceAmongSeveralAndNotWithinThem() throws IOException {
        assertTrue(read("{\"aud\":[1,null,{\"a\":\"x\"},\"seckill\",\"b\"]}").forUs());
        assertFalse(read("{\"aud\":[\"seckill2\",[\"seckill\"],{\"seckill\":\"seckill\"}]}")
                .forUs());
    }

    @Test
    void shouldFindTheRoleWhereItIsToldTo() throws IOException {
        TokenRules rules = new TokenRules("seckill", "https://shop.example/roles");
        byte[] text = "{\"role\":\"admin\",\"https://shop.example/roles\":[\"buyer\",\"admin\"]}"
                .getBytes(StandardCharsets.UTF_8);

        assertTrue(TokenClaims.read(text, rules).admin());
        assertFalse(TokenClaims.read(text, new TokenRules("seckill", "roles")).admin());
    }

    @Test
    void shouldTakeTheLastOfTwo() throws IOException {
        assertEquals("bob", read("{\"sub\":\"ann\",\"sub\":\"bob\"}").subject());
        assertNull(read("{\"sub\":\"ann\",\"sub\":1}").subject());
        assertFalse(read("{\"aud\":\"seckill\",\"aud\":\"other\"}").forUs());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "1",
                "\"sub\"",
                "[]",
                "[{\"sub\":\"ann\"}]",
                "{",
                "{\"sub\"",
                "{\"sub\":\"ann\"",
                "{\"sub\":\"ann\",}",
                "{\"sub\":\"ann\"}}",
                "{\"sub\":\"ann\"}{}",
                "{\"sub\":\"ann\"} x",
                "{\"exp\":\"1700000000\"}",
                "{\"exp\":[1700000000]}",
                "{\"exp\":true}",
                "{\"nbf\":{}}",
                "{\"exp\":99999999999999999999}",
                "{\"aud\":[\"seckill\"",
                "{\"aud\":[{\"a\":1}"
            })
    void shouldRefuseWhatIsNotOneObjectOfClaims(String text) {
        assertThrows(IOException.class, () -> read(text));
    }

    private static TokenClaims read(String text) throws IOException {
        return TokenClaims.read(text.getBytes(StandardCharsets.UTF_8), TestTokens.RULES);
    }
}
