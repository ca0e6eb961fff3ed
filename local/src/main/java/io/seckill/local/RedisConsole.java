package io.seckill.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A connection to a Redis of our own, past every proxy, for single questions. Blocks; confined to a thread. */
final class RedisConsole implements AutoCloseable {
    private static final int TIMEOUT_MS = 10_000;

    private final Socket socket = new Socket();
    private final BufferedReader in;

    RedisConsole(int port, String password) {
        try {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MS);
            socket.setSoTimeout(TIMEOUT_MS);
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new LaunchFailure("Redis on port %d: %s".formatted(port, e.getMessage()), e);
        }
        ask("AUTH " + password);
    }

    /**
     * Asks a question whose answer is one text or number; or, as the last one, a list, of which it tells the length.
     *
     * @param command words without spaces in them
     * @return the answer, its lines joined; an empty text for nil
     */
    String ask(String command) {
        try {
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
            String head = in.readLine();
            if (head == null || head.startsWith("-")) {
                throw new LaunchFailure("Redis: " + head);
            }
            return head.startsWith("$") ? bulk(Integer.parseInt(head.substring(1))) : head.substring(1);
        } catch (IOException e) {
            throw new LaunchFailure("Redis: " + e.getMessage(), e);
        }
    }

    private String bulk(int length) throws IOException {
        if (length < 0) {
            return "";
        }
        char[] text = new char[length];
        int read = 0;
        while (read < length) {
            int n = in.read(text, read, length - read);
            if (n < 0) {
                throw new IOException("the connection ended");
            }
            read += n;
        }
        in.readLine();
        return new String(text);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException ignored) {
            // It is not used any more.
        }
    }
}
