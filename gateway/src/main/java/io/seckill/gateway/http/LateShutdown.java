package io.seckill.gateway.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.core.net.impl.ShutdownEvent;
import java.util.concurrent.TimeUnit;

/**
 * When its server shuts down, Vert.x closes a connection that waits for its next request at once, be it that this request is on
 * its way. This handler tells the connection a moment later. Until then every request is answered, and its client told that the
 * connection ends; so only who has been silent for that long is hung up on. No new connection is accepted meanwhile.
 */
public final class LateShutdown extends ChannelInboundHandlerAdapter {
    /** How much later. */
    public static final int DELAY_MS = 1_000;

    private LateShutdown() {}

    /** For an HTTP/1 server's connection that was just opened. */
    public static void on(HttpConnection connection) {
        ((ConnectionBase) connection).channelHandlerContext().pipeline().addFirst(new LateShutdown());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ShutdownEvent shutdown && shutdown.timeout() > 0) {
            context.executor().schedule(() -> context.fireUserEventTriggered(event), DELAY_MS, TimeUnit.MILLISECONDS);
        } else {
            context.fireUserEventTriggered(event);
        }
    }
}
