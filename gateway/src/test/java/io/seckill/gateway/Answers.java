package io.seckill.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;

/** What the contract says of answers. */
final class Answers {
    private Answers() {}

    /** An RFC 9457 problem of this status and code. */
    static JsonObject problem(int status, String code, HttpResponse<Buffer> response) {
        return problem(
                status, code, response.statusCode(), response.getHeader("content-type"), response.bodyAsString());
    }

    static JsonObject problem(int status, String code, int actual, String contentType, String body) {
        assertEquals(status, actual, body);
        assertEquals("application/problem+json", contentType);
        JsonObject json = new JsonObject(body);
        assertEquals(code, json.getString("code"));
        assertEquals(status, json.getInteger("status"));
        assertNotNull(json.getString("type"));
        assertFalse(json.getString("title").isEmpty());
        return json;
    }

    /** A 202: the order's JSON. */
    static JsonObject accepted(HttpResponse<Buffer> response) {
        assertEquals(202, response.statusCode(), response::bodyAsString);
        JsonObject order = response.bodyAsJsonObject();
        assertEquals("/api/v1/orders/" + order.getString("id"), response.getHeader("location"));
        return order;
    }
}
