package io.seckill.loadtest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplyTest {

    @ParameterizedTest
    @CsvSource({
        "409, sold_out, REFUSED",
        "409, already_purchased, REFUSED",
        "429, rate_limited, BUSY",
        "503, overloaded, BUSY",
        "503, recovering, BUSY",
        "503, outcome_unknown, UNKNOWN"
    })
    void shouldSortRefusalsByStatusAndCode(int status, String code, Reply.Kind kind) {
        Buffer body =
                Buffer.buffer("{\"type\":\"about:blank\",\"status\":" + status + ", \"code\" : \"" + code + "\"}");

        assertEquals(new Reply(kind, code), Reply.of(status, body));
    }

    @Test
    void shouldTakeTheOrderIdOfA202() {
        Buffer body = Buffer.buffer("{\"saleId\":\"s\",\"id\":\"o-1\",\"state\":\"queued\"}");

        assertEquals(new Reply(Reply.Kind.ACCEPTED, "o-1"), Reply.of(202, body));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{}", "not json", "[]", "{\"id\":7}", "{\"id\":\"\"}"})
    void shouldNotTakeA202WithoutAnIdForAPromise(String body) {
        assertEquals(Reply.Kind.ERROR, Reply.of(202, Buffer.buffer(body)).kind());
    }

    @ParameterizedTest
    @CsvSource({"401, HOPELESS", "404, HOPELESS", "200, HOPELESS", "500, ERROR", "502, ERROR", "504, ERROR"})
    void shouldCallEverythingElseAnError(int status, Reply.Kind kind) {
        assertEquals(new Reply(kind, "status " + status), Reply.of(status, Buffer.buffer()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"``", "{\"code\"", "{\"code\":7}", "{\"code\":\"\"}", "{\"code\":\"open", "<html>"})
    void shouldFallBackToTheStatusIfNoCodeIsNamed(String body) {
        assertEquals(
                "409", Reply.of(409, Buffer.buffer(body == null ? "" : body)).detail());
    }
}
