package io.seckill.gateway.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JwksDocumentTest {
    private static JWK rsa;
    private static JWK ec;

    @BeforeAll
    static void makeKeys() throws Exception {
        rsa = FakeIssuer.rsa("r");
        ec = FakeIssuer.ec("e");
    }

    @Test
    void shouldGiveEachKeyOneAlgorithm() {
        Map<String, IssuerKey> keys = read(json(rsa), json(ec));

        assertEquals(SigningAlgorithm.RS256, keys.get("r").algorithm());
        assertEquals(SigningAlgorithm.ES256, keys.get("e").algorithm());
        assertEquals(keys, read(json(ec), json(rsa)));
    }

    @ParameterizedTest
    @CsvSource({
        "alg,RS512",
        "alg,PS256",
        "alg,HS256",
        "alg,RSA-OAEP",
        "use,enc",
        "kid,",
        "kty,LATER",
        "key_ops,sign",
    })
    void shouldPassOverKeysForSomethingElse(String name, String value) {
        JsonObject other = json(rsa);
        other.put(name, name.equals("key_ops") ? new JsonArray().add(value) : value);
        if (value == null) {
            other.remove(name);
        }

        assertEquals(Set.of("e"), read(other, json(ec)).keySet());
    }

    @Test
    void shouldPassOverSecretsAndOtherCurvesAndWeakKeys() throws Exception {
        JsonObject secret = new JsonObject(
                new OctetSequenceKey.Builder(new byte[32]).keyID("s").build().toJSONObject());
        JsonObject curve = json(new ECKeyGenerator(Curve.P_384).keyID("c").generate());
        JsonObject weak = json(new RSAKey.Builder(rsa.toRSAKey()).keyID("w").build())
                .put("n", IssuedTokens.base64(BigInteger.ONE.shiftLeft(1_023).toByteArray()));
        JsonObject huge = json(new RSAKey.Builder(rsa.toRSAKey()).keyID("h").build())
                .put("n", IssuedTokens.base64(BigInteger.ONE.shiftLeft(16_383).toByteArray()));

        assertEquals(Set.of("e"), read(secret, curve, weak, huge, json(ec)).keySet());
    }

    @Test
    void shouldRefuseTwoKeysOfOneId() {
        assertThrows(
                IllegalArgumentException.class, () -> read(json(ec), json(rsa).put("kid", "e")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"keys\":[]}",
                "{\"keys\":{}}",
                "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"e\",\"x\":\"AA\",\"y\":\"AA\"}]}",
                "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"r\"}]}",
                "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"o\",\"x\":\"AA\"}]}",
                "{\"keys\":[1]}",
                "<html>"
            })
    void shouldRefuseWhatIsNoSetOfKeys(String text) {
        assertThrows(IllegalArgumentException.class, () -> JwksDocument.read(text));
    }

    private static JsonObject json(JWK key) {
        return new JsonObject(key.toPublicJWK().toJSONObject());
    }

    private static Map<String, IssuerKey> read(JsonObject... keys) {
        JsonArray array = new JsonArray();
        for (JsonObject key : keys) {
            array.add(key);
        }
        return JwksDocument.read(new JsonObject().put("keys", array).encode());
    }
}
