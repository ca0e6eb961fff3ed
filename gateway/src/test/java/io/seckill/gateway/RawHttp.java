package io.seckill.gateway;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Sends bytes that no client would, and reads one answer. */
final class RawHttp {
    private static final int DEADLINE_MS = 10_000;

    /** One answer. Status 0 means that the connection was closed without one. */
    record Answer(int status, String head, String body) {
        String header(String name) {
            return head.lines()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                    .map(line -> line.substring(name.length() + 1).trim())
                    .findFirst()
                    .orElse("");
        }

        JsonObject problem(int expected, String code) {
            return Answers.problem(expected, code, status, header("content-type"), body);
        }
    }

    private RawHttp() {}

    static Answer send(int port, String text) throws IOException {
        return send(port, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Fails if there is neither an answer nor an end in time. */
    static Answer send(int port, byte[] bytes) throws IOException {
        return exchange(port, bytes, false);
    }

    /** The same, and says that nothing more will come. */
    static Answer sendAll(int port, byte[] bytes) throws IOException {
        return exchange(port, bytes, true);
    }

    private static Answer exchange(int port, byte[] bytes, boolean end) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(DEADLINE_MS);
            try {
                socket.getOutputStream().write(bytes);
                if (end) {
                    socket.shutdownOutput();
                }
            } catch (IOException e) {
                // The server may have had enough already; what it said is to be read.
            }
            return read(socket.getInputStream(), new String(bytes, StandardCharsets.ISO_8859_1).startsWith("HEAD "));
        }
    }

    private static Answer read(InputStream in, boolean headOnly) throws IOException {
        String head = head(in);
        if (head.isEmpty()) {
            return new Answer(0, "", "");
        }
        Answer answer = new Answer(Integer.parseInt(head.split(" ", 3)[1]), head, "");
        String length = answer.header("content-length");
        byte[] body = in.readNBytes(length.isEmpty() || headOnly ? 0 : Integer.parseInt(length));
        return new Answer(answer.status, head, new String(body, StandardCharsets.UTF_8));
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        try {
            int next = in.read();
            while (next >= 0) {
                head.write(next);
                if (head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                    break;
                }
                next = in.read();
            }
        } catch (java.net.SocketTimeoutException e) {
            throw new IOException("hangs: no answer and no end within " + DEADLINE_MS + " ms", e);
        } catch (java.net.SocketException e) {
            // reset: closed without an answer
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }
}
