package io.seckill.gateway.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.seckill.schema.message.OrderLine;
import java.io.IOException;

/**
 * The claims of a token (RFC 7519) that are asked for, read from the JSON as it passes by: making a map of every claim cost
 * more than an HMAC.
 *
 * @param subject null if it is missing or no text
 * @param expires seconds since 1970, null if missing
 * @param notBefore the same
 * @param issuer null if it is missing or no text
 * @param admin whether the role, or one of several, is the operators'
 * @param forUs whether the audience, or one of several, is ours
 */
public record TokenClaims(String subject, Long expires, Long notBefore, String issuer, boolean admin, boolean forUs) {
    private static final JsonFactory JSON = new JsonFactory();

    /** @throws IOException if it is not one JSON object, with nothing behind it, whose times are numbers */
    public static TokenClaims read(byte[] text, TokenRules rules) throws IOException {
        String subject = null;
        Long expires = null;
        Long notBefore = null;
        String issuer = null;
        boolean admin = false;
        boolean forUs = false;
        try (JsonParser json = JSON.createParser(text)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("claims are a JSON object");
            }
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                JsonToken value = json.nextToken();
                switch (name) {
                    case "sub" -> subject = text(json, value);
                    case "exp" -> expires = seconds(json, value);
                    case "nbf" -> notBefore = seconds(json, value);
                    case "iss" -> issuer = text(json, value);
                    case "aud" -> forUs = names(json, value, rules.audience());
                    default -> {
                        if (name.equals(rules.roleClaim())) {
                            admin = names(json, value, TokenRules.ADMIN);
                        } else {
                            json.skipChildren();
                        }
                    }
                }
            }
            if (json.currentToken() != JsonToken.END_OBJECT || json.nextToken() != null) {
                throw new IOException("claims are one JSON object");
            }
        }
        return new TokenClaims(subject, expires, notBefore, issuer, admin, forUs);
    }

    /** Whom they speak for now, null if for nobody: too early or late, not for us, or no user that the system can bear. */
    public Identity identity(long nowMs) {
        boolean inTime =
                expires != null && expires * 1_000 > nowMs && (notBefore == null || notBefore * 1_000 <= nowMs);
        return inTime && forUs && OrderLine.isUserId(subject) ? new Identity(subject, admin, expires * 1_000) : null;
    }

    private static String text(JsonParser json, JsonToken value) throws IOException {
        json.skipChildren();
        return value == JsonToken.VALUE_STRING ? json.getText() : null;
    }

    private static Long seconds(JsonParser json, JsonToken value) throws IOException {
        if (value == JsonToken.VALUE_NULL) {
            return null;
        }
        // A fraction is cut off; a number that no long holds is refused.
        return json.getLongValue();
    }

    private static boolean names(JsonParser json, JsonToken value, String wanted) throws IOException {
        if (value != JsonToken.START_ARRAY) {
            return wanted.equals(text(json, value));
        }
        boolean found = false;
        for (JsonToken each = json.nextToken(); each != JsonToken.END_ARRAY; each = json.nextToken()) {
            if (each == null) {
                throw new IOException("an array without an end");
            }
            found |= wanted.equals(text(json, each));
        }
        return found;
    }
}
