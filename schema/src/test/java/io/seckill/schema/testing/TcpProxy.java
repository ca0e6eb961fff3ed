package io.seckill.schema.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A server's port with faults at will. Each socket has a thread; for tests only. */
public final class TcpProxy implements AutoCloseable {
    private final String host;
    private final int port;
    private final ServerSocket listener;
    private final Set<Pipe> pipes = ConcurrentHashMap.newKeySet();
    private final Object gate = new Object();
    private final AtomicInteger refused = new AtomicInteger();
    private volatile boolean refusing;
    private boolean paused;
    private volatile String trigger;
    private volatile String cutTrigger;

    public TcpProxy(String host, int port) throws IOException {
        this.host = host;
        this.port = port;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start("accept", this::accept);
    }

    public int port() {
        return listener.getLocalPort();
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
        synchronized (gate) {
            paused = on;
            gate.notifyAll();
        }
    }

    /** Lets requests through on the connections that are open now, and no replies. */
    public void swallowReplies() {
        pipes.forEach(pipe -> pipe.mute = true);
    }

    /** Lets the next request that holds this text through, and no reply from then on. */
    public void loseReplyTo(String text) {
        trigger = text;
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
                Socket client = listener.accept();
                if (refusing) {
                    refused.incrementAndGet();
                    client.close();
                } else {
                    Pipe pipe = new Pipe(client, new Socket(host, port));
                    pipes.add(pipe);
                    start("requests", () -> pipe.copy(pipe.client, pipe.server, false));
                    start("replies", () -> pipe.copy(pipe.server, pipe.client, true));
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

    private final class Pipe {
        private final Socket client;
        private final Socket server;
        private volatile boolean mute;

        Pipe(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void copy(Socket from, Socket to, boolean replies) {
            byte[] bytes = new byte[64 * 1024];
            try {
                for (int n = from.getInputStream().read(bytes);
                        n >= 0;
                        n = from.getInputStream().read(bytes)) {
                    if (!replies && indexOf(trigger, bytes, n) >= 0) {
                        trigger = null;
                        mute = true;
                    }
                    int middle = replies ? -1 : indexOf(cutTrigger, bytes, n);
                    if (middle >= 0) {
                        to.getOutputStream().write(bytes, 0, middle + cutTrigger.length() / 2);
                        cutTrigger = null;
                        break;
                    }
                    awaitPassage();
                    if (!replies || !mute) {
                        to.getOutputStream().write(bytes, 0, n);
                    }
                }
            } catch (IOException e) {
                // one side is gone; so is the other now
            }
            close();
        }

        private static int indexOf(String text, byte[] bytes, int length) {
            return text == null ? -1 : new String(bytes, 0, length, StandardCharsets.ISO_8859_1).indexOf(text);
        }

        private void awaitPassage() throws IOException {
            synchronized (gate) {
                while (paused) {
                    if (client.isClosed()) {
                        throw new IOException("cut");
                    }
                    try {
                        gate.wait();
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
