package io.seckill.gateway.page;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * One body as it goes out, encoded beforehand: plain, gzipped, and named by its hash. Immutable, so all event loops share it.
 *
 * @param type its media type
 * @param gzipped null where that would be no smaller
 * @param hash of the plain bytes, in hex
 */
public record Content(String type, Buffer plain, Buffer gzipped, String hash) {
    private static final int HASH_LETTERS = 16;

    public static Content of(String type, byte[] bytes) {
        byte[] gzip = gzip(bytes);
        return new Content(
                type, Buffer.buffer(bytes), gzip.length < bytes.length ? Buffer.buffer(gzip) : null, hashOf(bytes));
    }

    /** Bytes of the answer to a browser. */
    public int transferred() {
        return (gzipped == null ? plain : gzipped).length();
    }

    /** Answers GET or HEAD with it, or with 304 to who has it already. */
    void answer(HttpServerRequest request, String cacheControl) {
        // Weak, since it stands for the plain and for the gzipped bytes.
        String tag = "W/\"" + hash + '"';
        HttpServerResponse response =
                request.response().putHeader("cache-control", cacheControl).putHeader("etag", tag);
        response.headers().add("vary", "accept-encoding");
        String known = request.getHeader("if-none-match");
        if (known != null && known.contains(tag)) {
            response.setStatusCode(HttpResponseStatus.NOT_MODIFIED.code()).end();
            return;
        }
        response.putHeader("content-type", type);
        String accepted = request.getHeader("accept-encoding");
        Buffer body = plain;
        if (gzipped != null && accepted != null && accepted.contains("gzip")) {
            response.putHeader("content-encoding", "gzip");
            body = gzipped;
        }
        // Vert.x tells it of a body that it sends, but HEAD has none.
        response.putHeader("content-length", Integer.toString(body.length())).end(body);
    }

    private static String hashOf(byte[] bytes) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(hash).substring(0, HASH_LETTERS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
        try (GZIPOutputStream gzip = new SmallestGzip(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return out.toByteArray();
    }

    private static final class SmallestGzip extends GZIPOutputStream {
        SmallestGzip(ByteArrayOutputStream out) throws IOException {
            super(out);
            def.setLevel(Deflater.BEST_COMPRESSION);
        }
    }
}
