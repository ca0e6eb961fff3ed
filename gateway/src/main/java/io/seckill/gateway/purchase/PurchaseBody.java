package io.seckill.gateway.purchase;

import io.seckill.gateway.http.Problem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** Reads the optional body of a purchase, {@code {"quantity": n}}; nothing else may be in it, least of all a user. */
final class PurchaseBody {
    private static final int MAX_QUANTITY = 0xffff;

    private final int maxBytes;

    PurchaseBody(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Calls exactly one of the two, on the request's event loop, when the body is there; neither if the client leaves. */
    void quantity(HttpServerRequest request, IntConsumer valid, Consumer<Problem> invalid) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        boolean chunked = request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
        if (!chunked && (length == null || length.equals("0"))) {
            valid.accept(1);
            return;
        }
        if (length != null && (length.length() > 9 || Integer.parseInt(length) > maxBytes)) {
            request.response().putHeader(HttpHeaders.CONNECTION, "close");
            invalid.accept(Problem.BODY_TOO_LARGE);
            return;
        }
        Buffer body = Buffer.buffer();
        request.handler(chunk -> {
            if (body.length() <= maxBytes) {
                body.appendBuffer(chunk);
                if (body.length() > maxBytes) {
                    request.response().putHeader(HttpHeaders.CONNECTION, "close");
                    invalid.accept(Problem.BODY_TOO_LARGE);
                }
            }
        });
        request.endHandler(end -> {
            if (body.length() <= maxBytes) {
                parse(request.getHeader(HttpHeaders.CONTENT_TYPE), body, valid, invalid);
            }
        });
    }

    private static void parse(String type, Buffer body, IntConsumer valid, Consumer<Problem> invalid) {
        if (body.length() == 0) {
            valid.accept(1);
        } else if (!isJson(type)) {
            invalid.accept(Problem.UNSUPPORTED_MEDIA_TYPE);
        } else {
            parse(body, valid, invalid);
        }
    }

    private static void parse(Buffer body, IntConsumer valid, Consumer<Problem> invalid) {
        JsonObject json;
        try {
            json = new JsonObject(body);
        } catch (DecodeException | ClassCastException e) {
            invalid.accept(Problem.invalid("the body is not a JSON object"));
            return;
        }
        for (String name : json.fieldNames()) {
            if (!name.equals("quantity")) {
                invalid.accept(Problem.invalid("unknown field; only quantity may be given"));
                return;
            }
        }
        Object quantity = json.getValue("quantity", 1);
        if (quantity instanceof Integer number && number >= 1 && number <= MAX_QUANTITY) {
            valid.accept(number);
        } else {
            invalid.accept(Problem.invalid("quantity must be a whole number from 1 to " + MAX_QUANTITY));
        }
    }

    private static boolean isJson(String type) {
        return type != null
                && type.split(";", 2)[0].trim().toLowerCase(Locale.ROOT).equals("application/json");
    }
}
