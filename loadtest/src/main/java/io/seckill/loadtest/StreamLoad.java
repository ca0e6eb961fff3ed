package io.seckill.loadtest;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * Many watchers of one event stream, as cheap as can be: sockets on one selector that count what arrives and look at nothing.
 * Says when all are open, then goes on until it is ended. {@code loadtest/wrk/accepted.sh} runs it beside wrk.
 */
public final class StreamLoad {
    private static final int OPENING = 200;
    private static final byte[] EVENT = "event: ".getBytes(StandardCharsets.US_ASCII);

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(65_536);
    private final Selector selector;
    private final InetSocketAddress address;
    private final byte[] request;
    private int opened;
    private int failed;
    private int connecting;
    private long events;

    private StreamLoad(URI url) throws IOException {
        selector = Selector.open();
        address = new InetSocketAddress(url.getHost(), url.getPort());
        request = ("GET " + url.getPath() + " HTTP/1.1\r\nHost: " + url.getAuthority()
                        + "\r\nAccept: text/event-stream\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Takes a stream's URL and how many are to be opened. Exit 0 when ended by SIGTERM, 2 for wrong arguments. */
    public static void main(String[] args) throws IOException {
        if (args.length != 2 || !args[1].matches("[1-9][0-9]{0,5}")) {
            System.err.println("usage: StreamLoad URL COUNT");
            System.exit(2);
        }
        StreamLoad load = new StreamLoad(URI.create(args[0]));
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> System.out.printf(
                        "streams: %,d open, %,d failed, %,d events%n", load.opened, load.failed, load.events)));
        load.run(Integer.parseInt(args[1]));
    }

    private void run(int count) throws IOException {
        boolean told = false;
        while (true) {
            while (opened + connecting + failed < count && connecting < OPENING) {
                connect();
            }
            if (!told && opened + failed == count) {
                System.out.printf("streams: %,d open, %,d failed%n", opened, failed);
                told = true;
            }
            selector.select(this::ready, 1_000);
        }
    }

    private void connect() throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_CONNECT);
        channel.connect(address);
        connecting++;
    }

    private void ready(SelectionKey key) {
        SocketChannel channel = (SocketChannel) key.channel();
        try {
            if (key.isConnectable()) {
                channel.finishConnect();
                channel.write(ByteBuffer.wrap(request));
                key.interestOps(SelectionKey.OP_READ);
                connecting--;
                opened++;
            } else {
                read(channel);
            }
        } catch (IOException e) {
            if (key.interestOps() == SelectionKey.OP_CONNECT) {
                connecting--;
            } else {
                opened--;
            }
            failed++;
            key.cancel();
        }
    }

    private void read(SocketChannel channel) throws IOException {
        buffer.clear();
        if (channel.read(buffer) < 0) {
            channel.close();
            throw new IOException("ended");
        }
        buffer.flip();
        while (buffer.remaining() >= EVENT.length) {
            int at = 0;
            while (at < EVENT.length && buffer.get(buffer.position() + at) == EVENT[at]) {
                at++;
            }
            if (at == EVENT.length) {
                events++;
            }
            buffer.position(buffer.position() + 1);
        }
    }
}
