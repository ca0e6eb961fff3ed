package io.seckill.schema.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.schema.fault.TcpProxy.Direction;
import io.seckill.schema.testing.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The faults of a link, before a server that answers each byte with the next higher one. */
class TcpProxyIT {
    private static final int SILENCE_MS = 200;
    private static final int LONG_MS = 10_000;

    private final AtomicInteger heard = new AtomicInteger();
    private ServerSocket server;
    private TcpProxy proxy;
    private Socket client;

    @BeforeEach
    void open() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        start(this::serve);
        proxy = new TcpProxy("127.0.0.1", server.getLocalPort());
        client = connect();
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        proxy.close();
        server.close();
    }

    @Test
    void shouldPassBothWaysUntilItIsCut() throws IOException {
        assertEquals(2, ask(1));
        assertEquals(8, ask(7));

        proxy.cut();

        assertEnded();
        client = connect();
        assertEquals(4, ask(3));
    }

    @Test
    void shouldDelayEachWay() throws IOException {
        proxy.delay(150);
        long began = System.nanoTime();

        assertEquals(2, ask(1));

        assertTrue(System.nanoTime() - began >= 300_000_000L, "there and back");
    }

    @Test
    void shouldHoldRequestsAndDeliverThemLate() throws IOException {
        ask(1);
        proxy.hold(Direction.REQUESTS, true);
        client.getOutputStream().write(5);

        assertSilence();
        assertEquals(1, heard.get(), "the server heard nothing");
        proxy.hold(Direction.REQUESTS, false);

        assertEquals(6, read());
    }

    @Test
    void shouldHoldRepliesOnly() throws IOException {
        proxy.hold(Direction.REPLIES, true);
        client.getOutputStream().write(5);

        Await.until("the server heard it", () -> heard.get() == 1);
        assertSilence();
        proxy.hold(Direction.REPLIES, false);

        assertEquals(6, read());
    }

    @Test
    void shouldLetARequestThroughAndCutInsteadOfItsReply() throws IOException {
        ask(1);
        proxy.cutBeforeReply();
        client.getOutputStream().write(5);

        assertEnded();
        assertEquals(2, heard.get(), "the server heard it");
        client = connect();
        assertEquals(4, ask(3));
    }

    @Test
    void shouldOutliveAServerThatIsAwayAndLeadToAnother() throws IOException {
        try (ServerSocket other = server) {
            server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
            other.close();
            proxy.cut();
            client = connect();
            assertEnded();
        }
        start(this::serve);

        proxy.lead(server.getLocalPort());

        client = connect();
        assertEquals(2, ask(1));
    }

    private void serve() {
        ServerSocket listener = server;
        try {
            while (true) {
                Socket peer = listener.accept();
                start(() -> answer(peer));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void answer(Socket peer) {
        try (peer) {
            for (int b = peer.getInputStream().read();
                    b >= 0;
                    b = peer.getInputStream().read()) {
                heard.incrementAndGet();
                peer.getOutputStream().write(b + 1);
            }
        } catch (IOException cut) {
            // The next one is another socket.
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "server");
        thread.setDaemon(true);
        thread.start();
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    }

    private int ask(int question) throws IOException {
        client.getOutputStream().write(question);
        return read();
    }

    private int read() throws IOException {
        client.setSoTimeout(LONG_MS);
        return client.getInputStream().read();
    }

    private void assertSilence() throws IOException {
        client.setSoTimeout(SILENCE_MS);
        assertThrows(SocketTimeoutException.class, () -> client.getInputStream().read());
    }

    private void assertEnded() throws IOException {
        try {
            assertEquals(-1, read());
        } catch (java.net.SocketException reset) {
            // An end, too.
        }
    }
}
