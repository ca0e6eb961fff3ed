package io.seckill.loadtest.simulation.world;

import java.util.function.LongSupplier;

/**
 * A connection from a process to a server: what is sent arrives later, in order, or never, and each end learns in its own
 * time that it is over.
 */
public final class Wire {
    private static final long MS = 1_000_000L;

    private final World world;
    private final ProcessLife client;
    private final LongSupplier latency;
    private final long heartbeatNanos;
    private final Runnable clientEnd;
    private final Runnable serverEnd;
    private boolean clientOpen = true;
    private boolean serverOpen = true;
    private long lastUp;
    private long lastDown;

    /**
     * @param heartbeatNanos after so long the server gives up a client that is silent; 0 if never
     * @param clientEnd runs in the client when it learns of the end, unless it closed
     * @param serverEnd runs in the server when that learns of it
     */
    public Wire(
            World world,
            ProcessLife client,
            LongSupplier latency,
            long heartbeatNanos,
            Runnable clientEnd,
            Runnable serverEnd) {
        this.world = world;
        this.client = client;
        this.latency = latency;
        this.heartbeatNanos = heartbeatNanos;
        this.clientEnd = clientEnd;
        this.serverEnd = serverEnd;
        client.opened(this);
    }

    public ProcessLife client() {
        return client;
    }

    public boolean isOpen() {
        return clientOpen;
    }

    /** Sends to the server. A dead process sends nothing, whatever of its code still runs. */
    public void up(Runnable arrival) {
        if (!clientOpen || !client.isAlive()) {
            return;
        }
        lastUp = Math.max(lastUp + 1, world.scheduler().nanos() + latency.getAsLong());
        world.scheduler().in(lastUp - world.scheduler().nanos(), null, this, () -> {
            if (serverOpen) {
                arrival.run();
            }
        });
    }

    /** Sends to the client. */
    public void down(Runnable arrival) {
        if (!serverOpen) {
            return;
        }
        lastDown = Math.max(lastDown + 1, world.scheduler().nanos() + latency.getAsLong());
        world.scheduler().in(lastDown - world.scheduler().nanos(), client, this, () -> {
            if (clientOpen) {
                arrival.run();
            }
        });
    }

    /** How long the reply to a call that is made now takes: it comes behind all that was sent before. */
    public long roundTripNanos() {
        long now = world.scheduler().nanos();
        return Math.max(lastDown + 1, now + latency.getAsLong() + latency.getAsLong()) - now;
    }

    /** The network ends it: what is on its way is lost, and either side learns of it when it does. */
    public void cut() {
        long later = 1 + world.chance().upTo(200) * MS;
        boolean serverFirst = world.chance().perMille(500);
        world.scheduler().in(serverFirst ? 0 : later, null, this, this::endServer);
        world.scheduler().in(serverFirst ? later : 0, client, this, this::endClient);
    }

    /** The server ends it, as when it dies. */
    public void serverCloses() {
        endServer();
        world.scheduler().in(world.chance().upTo(20) * MS, client, this, this::endClient);
    }

    /** The client closes it. */
    public void close() {
        if (clientOpen) {
            clientOpen = false;
            client.closed(this);
            if (client.isAlive()) {
                lastUp = Math.max(lastUp + 1, world.scheduler().nanos() + latency.getAsLong());
                world.scheduler().in(lastUp - world.scheduler().nanos(), null, this, this::endServer);
            }
        }
    }

    void clientGone() {
        clientOpen = false;
        client.closed(this);
        // What it sent just before may still arrive, or may not.
        long delay = world.chance().perMille(500) ? 0 : world.chance().upTo(5 * MS);
        world.scheduler().in(delay, null, this, this::endServer);
    }

    void clientSilent() {
        if (heartbeatNanos > 0) {
            world.scheduler().in(heartbeatNanos, null, this, () -> {
                if (client.isStopped()) {
                    serverCloses();
                }
            });
        }
    }

    private void endServer() {
        if (serverOpen) {
            serverOpen = false;
            serverEnd.run();
        }
    }

    private void endClient() {
        if (clientOpen) {
            clientOpen = false;
            client.closed(this);
            clientEnd.run();
        }
    }
}
