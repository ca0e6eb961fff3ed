package io.seckill.gateway.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Base64;

/** What an identity provider writes into Authorization headers, signed by another implementation than the one under test. */
public final class IssuedTokens {
    private IssuedTokens() {}

    /** Of an hour, for us. */
    public static JsonObject claims(String user) {
        long now = System.currentTimeMillis() / 1_000;
        return new JsonObject()
                .put("iss", FakeIssuer.ISSUER)
                .put("sub", user)
                .put("aud", new JsonArray().add("account").add(FakeIssuer.AUDIENCE))
                .put("iat", now)
                .put("exp", now + 3_600);
    }

    public static String bearer(JWK key, String user) throws JOSEException {
        return bearer(key, claims(user));
    }

    public static String bearer(JWK key, JsonObject claims) throws JOSEException {
        boolean rsa = key instanceof RSAKey;
        JWSHeader header = new JWSHeader.Builder(rsa ? JWSAlgorithm.RS256 : JWSAlgorithm.ES256)
                .type(JOSEObjectType.JWT)
                .keyID(key.getKeyID())
                .build();
        JWSObject token = new JWSObject(header, new Payload(claims.encode()));
        token.sign(rsa ? new RSASSASigner(key.toRSAKey()) : new ECDSASigner((ECKey) key));
        return "Bearer " + token.serialize();
    }

    /** Any header, signed by any of Java's signatures. */
    static String bearer(JsonObject header, JsonObject claims, String algorithm, PrivateKey key)
            throws GeneralSecurityException {
        Signature signer = Signature.getInstance(algorithm);
        signer.initSign(key);
        String text = base64(header.encode()) + "." + base64(claims.encode());
        signer.update(text.getBytes(StandardCharsets.US_ASCII));
        return "Bearer " + text + "." + base64(signer.sign());
    }

    static String base64(String text) {
        return base64(text.getBytes(StandardCharsets.UTF_8));
    }

    static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
