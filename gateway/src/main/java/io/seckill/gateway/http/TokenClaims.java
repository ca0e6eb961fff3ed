package io.seckill.gateway.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/**
 * The claims of a token (RFC 7519) that {@link TokenVerifier} asks for, read from the JSON as it passes by: making a map of
 * every claim cost more than the signature.
 *
 * @param subject null if it is missing or no text
 * @param expires seconds since 1970, null if missing
 * @param notBefore the same
 * @param role null if it is missing or no text
 * @param forUs whether the audience, or one of several, is ours
 */
record TokenClaims(String subject, Long expires, Long notBefore, String role, boolean forUs) {
    private static final JsonFactory JSON = new JsonFactory();

    /**
     * @param audience ours
     * @throws IOException if it is not one JSON object, with nothing behind it, whose times are numbers
     */
    static TokenClaims read(byte[] text, String audience) throws IOException {
        String subject = null;
        Long expires = null;
        Long notBefore = null;
        String role = null;
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
                    case "role" -> role = text(json, value);
                    case "aud" -> forUs = names(json, value, audience);
                    default -> json.skipChildren();
                }
            }
            if (json.currentToken() != JsonToken.END_OBJECT || json.nextToken() != null) {
                throw new IOException("claims are one JSON object");
            }
        }
        return new TokenClaims(subject, expires, notBefore, role, forUs);
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

    private static boolean names(JsonParser json, JsonToken value, String audience) throws IOException {
        if (value != JsonToken.START_ARRAY) {
            return audience.equals(text(json, value));
        }
        boolean found = false;
        for (JsonToken each = json.nextToken(); each != JsonToken.END_ARRAY; each = json.nextToken()) {
            if (each == null) {
                throw new IOException("an array without an end");
            }
            found |= audience.equals(text(json, each));
        }
        return found;
    }
}
