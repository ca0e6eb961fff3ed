package io.seckill.local;

import io.vertx.core.json.JsonObject;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One HTTP connection to a gateway that is kept from purchase to purchase, byte by byte, so that it shows what became of each
 * single request: a whole answer, or a connection that ended under it. For one thread.
 */
final class KeptConnection implements AutoCloseable {
    private static final int SILENCE_MS = 10_000;
    private static final int GLANCE_MS = 1;

    private final Socket socket;
    private final InputStream in;

    private KeptConnection(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        socket.setSoTimeout(SILENCE_MS);
        socket.setTcpNoDelay(true);
    }

    /** @param ends whether the gateway said that it ends the connection */
    record Answer(int status, JsonObject json, boolean ends) {}

    /** @throws IOException if the gateway takes no connection */
    static KeptConnection to(String gateway) throws IOException {
        return new KeptConnection(
                new Socket(InetAddress.getLoopbackAddress(), URI.create(gateway).getPort()));
    }

    /**
     * @param headers further ones, each with its end of line
     * @throws IOException if the answer does not come, or not whole
     */
    Answer buy(String saleId, String token, String headers) throws IOException {
        String request = "POST /api/v1/sales/" + saleId + "/orders HTTP/1.1\r\nHost: shop\r\nAuthorization: Bearer "
                + token + "\r\n" + headers + "Content-Length: 0\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        String head = head();
        int length = Integer.parseInt(header(head, "content-length"));
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new IOException("half an answer");
        }
        return new Answer(
                Integer.parseInt(head.split(" ", 3)[1]),
                new JsonObject(new String(body, StandardCharsets.UTF_8)),
                header(head, "connection").equals("close"));
    }

    /** Whether the gateway has ended it between two requests. */
    boolean ended() throws IOException {
        socket.setSoTimeout(GLANCE_MS);
        try {
            // Nothing is to come without a request, but the end.
            in.read();
            return true;
        } catch (SocketTimeoutException silent) {
            return false;
        } finally {
            socket.setSoTimeout(SILENCE_MS);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private String head() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the connection ended");
            }
            head.write(next);
        }
        return head.toString(StandardCharsets.US_ASCII);
    }

    private static String header(String head, String name) {
        return head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).trim().toLowerCase(Locale.ROOT))
                .findFirst()
                .orElse("");
    }
}
