package io.seckill.schema.fault;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One link to a server, with faults at will. What is held back is passed on when the fault ends, in order, as a network
 * that heals does: a request may so arrive long after its client has given up. Each socket has a thread; safe on any.
 */
public final class TcpProxy implements AutoCloseable {
    /** Which way bytes go. */
    public enum Direction {
        REQUESTS,
        REPLIES
    }

    private static final int BACKLOG = 200;
    private static final int CONNECT_TIMEOUT_MS = 5_000;

    private final String host;
    private final ServerSocket listener;
    private final Set<Pipe> pipes = ConcurrentHashMap.newKeySet();
    private final Object gate = new Object();
    private final Set<Direction> held = EnumSet.noneOf(Direction.class);
    private final AtomicInteger refused = new AtomicInteger();
    private final Map<Direction, Long> delayNanos = new EnumMap<>(Direction.class);
    private volatile int port;
    private volatile boolean refusing;
    private volatile Trigger trigger;
    private volatile String cutTrigger;

    /**
     * Listens on a free port of the loopback. The server need not be there.
     *
     * @throws IOException if there is no such port
     */
    public TcpProxy(String host, int port) throws IOException {
        this.host = host;
        this.port = port;
        this.listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        start("accept", this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Ends all connections and takes new ones to another port of the same host. */
    public void lead(int otherPort) {
        port = otherPort;
        cut();
    }

    /** Ends all connections. */
    public void cut() {
        pipes.forEach(Pipe::close);
        synchronized (gate) {
            gate.notifyAll();
        }
    }

    /** A black hole: no byte passes either way, on connections of now and of later, until told otherwise. */
    public void pause(boolean on) {
        hold(Direction.REQUESTS, on);
        hold(Direction.REPLIES, on);
    }

    /** No byte passes one way, on connections of now and of later, until told otherwise. */
    public void hold(Direction direction, boolean on) {
        synchronized (gate) {
            if (on) {
                held.add(direction);
            } else {
                held.remove(direction);
            }
            gate.notifyAll();
        }
    }

    /** Everything takes so much longer each way, in milliseconds; 0 ends it. */
    public void delay(int ms) {
        delay(Direction.REQUESTS, ms);
        delay(Direction.REPLIES, ms);
    }

    /** The same one way; {@link Integer#MAX_VALUE} is as good as for ever. */
    public void delay(Direction direction, int ms) {
        synchronized (gate) {
            delayNanos.put(direction, ms * 1_000_000L);
            gate.notifyAll();
        }
    }

    /** Lets requests through on the connections that are open now, and ends each of them instead of its next reply. */
    public void cutBeforeReply() {
        pipes.forEach(pipe -> pipe.doomed = true);
    }

    /** Lets requests through on the connections that are open now, and no replies. */
    public void swallowReplies() {
        pipes.forEach(pipe -> pipe.mute = true);
    }

    /** Lets the next request that holds this text through, and no reply from then on. */
    public void loseReplyTo(String text) {
        loseReplyTo("", text);
    }

    /** The same on a connection that, from now on, sent the earlier text first: others may send this text, too. */
    public void loseReplyTo(String earlier, String text) {
        trigger = new Trigger(earlier, text);
    }

    /** Lets the next request that holds this text through up to the text's middle, and ends its connection there. */
    public void cutInTheMiddleOf(String text) {
        cutTrigger = text;
    }

    /** Ends all connections and, until told otherwise, each new one at once. */
    public void refuse(boolean on) {
        refusing = on;
        if (on) {
            cut();
        }
    }

    /** How many connections were refused so far. */
    public int refused() {
        return refused.get();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut();
    }

    private void accept() {
        try {
            while (true) {
                Pipe pipe = new Pipe(listener.accept());
                if (refusing) {
                    refused.incrementAndGet();
                    pipe.close();
                } else {
                    pipes.add(pipe);
                    start("requests", pipe::open);
                }
            }
        } catch (IOException e) {
            // closed
        }
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, "proxy " + name);
        thread.setDaemon(true);
        thread.start();
    }

    private record Trigger(String earlier, String text) {}

    private final class Pipe {
        private final Socket client;
        private final Socket server = new Socket();
        private volatile boolean mute;
        // Whose earlier text was sent here.
        private Trigger led;
        private volatile boolean doomed;

        Pipe(Socket client) {
            this.client = client;
        }

        void open() {
            try {
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                server.connect(new InetSocketAddress(host, port), CONNECT_TIMEOUT_MS);
            } catch (IOException e) {
                // No server, no connection; the next one may find it.
                close();
                return;
            }
            start("replies", () -> copy(server, client, Direction.REPLIES));
            copy(client, server, Direction.REQUESTS);
        }

        private void copy(Socket from, Socket to, Direction direction) {
            byte[] bytes = new byte[64 * 1024];
            try {
                for (int n = from.getInputStream().read(bytes);
                        n >= 0;
                        n = from.getInputStream().read(bytes)) {
                    if (direction == Direction.REQUESTS) {
                        spring(bytes, n);
                    }
                    awaitPassage(direction);
                    if (direction == Direction.REPLIES && doomed) {
                        break;
                    }
                    int middle = direction == Direction.REQUESTS ? middle(bytes, n) : -1;
                    if (middle >= 0) {
                        to.getOutputStream().write(bytes, 0, middle);
                        break;
                    }
                    if (direction == Direction.REQUESTS || !mute) {
                        to.getOutputStream().write(bytes, 0, n);
                    }
                }
            } catch (IOException e) {
                // one side is gone; so is the other now
            }
            close();
        }

        /** Where a request is to be cut, or -1. */
        private int middle(byte[] request, int length) {
            String text = cutTrigger;
            int at = text == null ? -1 : new String(request, 0, length, StandardCharsets.ISO_8859_1).indexOf(text);
            if (at < 0) {
                return -1;
            }
            cutTrigger = null;
            return at + text.length() / 2;
        }

        private void spring(byte[] request, int length) {
            Trigger set = trigger;
            if (set == null) {
                return;
            }
            String sent = new String(request, 0, length, StandardCharsets.ISO_8859_1);
            if (sent.contains(set.earlier)) {
                led = set;
            }
            if (set.equals(led) && sent.contains(set.text)) {
                trigger = null;
                mute = true;
            }
        }

        private void awaitPassage(Direction direction) throws IOException {
            long arrived = System.nanoTime();
            synchronized (gate) {
                while (true) {
                    long wait = arrived + delayNanos.getOrDefault(direction, 0L) - System.nanoTime();
                    if (!held.contains(direction) && wait <= 0) {
                        return;
                    }
                    if (client.isClosed()) {
                        throw new IOException("cut");
                    }
                    try {
                        gate.wait(held.contains(direction) ? 0 : wait / 1_000_000 + 1);
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                }
            }
        }

        void close() {
            pipes.remove(this);
            try {
                client.close();
                server.close();
            } catch (IOException e) {
                // closed is closed
            }
        }
    }
}
