package io.seckill.local;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * Asks a process whether it serves, in its own protocol: an open port says nothing of a server that still recovers. No
 * client library, so that a command answers at once.
 */
final class Probe {
    private static final int TIMEOUT_MS = 2000;
    private static final byte[] AMQP_HEADER = {'A', 'M', 'Q', 'P', 0, 0, 9, 1};
    private static final int AMQP_METHOD_FRAME = 1;
    private static final int MYSQL_HANDSHAKE = 10;

    private Probe() {}

    /** Logged in and past the loading of its files. */
    static boolean redis(int port, String password) {
        String question = "AUTH " + password + "\r\nPING\r\n";
        byte[] reply = exchange(Listener.HOST, port, question.getBytes(StandardCharsets.US_ASCII), 12);
        return new String(reply, StandardCharsets.US_ASCII).equals("+OK\r\n+PONG\r\n");
    }

    /** RabbitMQ opens its listeners last; a method frame is its Connection.Start. */
    static boolean amqp(int port) {
        byte[] reply = exchange(Listener.HOST, port, AMQP_HEADER, 1);
        return reply.length == 1 && reply[0] == AMQP_METHOD_FRAME;
    }

    /** The server greets first, and not before its init file was carried out. */
    static boolean mysql(int port) {
        byte[] reply = exchange(Listener.HOST, port, new byte[0], 5);
        return reply.length == 5 && reply[4] == MYSQL_HANDSHAKE;
    }

    static boolean connects(String host, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), TIMEOUT_MS);
            return true;
        } catch (IOException | IllegalArgumentException unreachable) {
            return false;
        }
    }

    /** Whether a service on this machine says that it is ready. */
    static boolean ready(int managementPort) {
        return ready(managementPort, "/health/ready");
    }

    /** @param path where it says so, by 200 */
    static boolean ready(int port, String path) {
        try {
            URI uri = URI.create("http://%s:%d%s".formatted(Listener.HOST, port, path));
            HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection(java.net.Proxy.NO_PROXY);
            connection.setConnectTimeout(TIMEOUT_MS);
            connection.setReadTimeout(TIMEOUT_MS);
            try {
                return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
            } finally {
                connection.disconnect();
            }
        } catch (IOException notYet) {
            return false;
        }
    }

    private static byte[] exchange(String host, int port, byte[] question, int length) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), TIMEOUT_MS);
            socket.setSoTimeout(TIMEOUT_MS);
            socket.getOutputStream().write(question);
            socket.getOutputStream().flush();
            InputStream in = socket.getInputStream();
            return in.readNBytes(length);
        } catch (IOException notYet) {
            return new byte[0];
        }
    }
}
