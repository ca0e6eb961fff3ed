package io.seckill.loadtest;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;

/**
 * One answer to a purchase, sorted by what a client does next. Refusals are by far the most frequent and are not parsed:
 * only the value of {@code code} is cut out of their bytes. Acted on by {@link Ask}.
 *
 * @param detail the order id of a 202, else the problem's code or what was wrong
 */
public record Reply(Kind kind, String detail) {

    public enum Kind {
        /** 202: a promise. */
        ACCEPTED,
        /** 409: a definite no. */
        REFUSED,
        /** 429 or 503: not now; no order was made. */
        BUSY,
        /** 503 outcome_unknown: there may be an order; asking again tells. */
        UNKNOWN,
        /** Nothing a healthy system says to a well-formed request; there may be an order. */
        ERROR,
        /** The client's own fault by its status: asking again would not help. */
        HOPELESS
    }

    private static final int LONGEST_TEXT = 40;

    public static Reply of(int status, Buffer body) {
        switch (status) {
            case 202:
                String id = orderId(body);
                return id == null ? new Reply(Kind.ERROR, "202 without an order id") : new Reply(Kind.ACCEPTED, id);
            case 409:
                return new Reply(Kind.REFUSED, code(body, "409"));
            case 429:
                return new Reply(Kind.BUSY, code(body, "429"));
            case 503:
                String code = code(body, "503");
                return new Reply(code.equals("outcome_unknown") ? Kind.UNKNOWN : Kind.BUSY, code);
            default:
                return new Reply(status >= 500 ? Kind.ERROR : Kind.HOPELESS, "status " + status);
        }
    }

    private static String orderId(Buffer body) {
        try {
            // Not getString, which would make a text of anything.
            Object id = new JsonObject(body).getValue("id");
            return id instanceof String text && !text.isEmpty() ? text : null;
        } catch (DecodeException e) {
            return null;
        }
    }

    private static String code(Buffer body, String otherwise) {
        return text(body, "code", otherwise);
    }

    /** The value of the first short text member of this name in a JSON document, {@code otherwise} if it has none. */
    public static String text(Buffer body, String name, String otherwise) {
        String text = body.toString(StandardCharsets.ISO_8859_1);
        String quoted = '"' + name + '"';
        int key = text.indexOf(quoted);
        if (key < 0) {
            return otherwise;
        }
        int open = text.indexOf('"', key + quoted.length());
        int close = open < 0 ? -1 : text.indexOf('"', open + 1);
        boolean sane = close > open + 1 && close - open <= LONGEST_TEXT;
        return sane ? text.substring(open + 1, close) : otherwise;
    }
}
