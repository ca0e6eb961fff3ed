package io.seckill.gateway;

import io.seckill.gateway.sale.SaleCatalog;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;

/** Hands an immutable snapshot to this process' event loops by reference. It never leaves the process. */
final class SnapshotCodec implements MessageCodec<SaleCatalog, SaleCatalog> {
    @Override
    public void encodeToWire(Buffer buffer, SaleCatalog catalog) {
        throw new UnsupportedOperationException("local only");
    }

    @Override
    public SaleCatalog decodeFromWire(int position, Buffer buffer) {
        throw new UnsupportedOperationException("local only");
    }

    @Override
    public SaleCatalog transform(SaleCatalog catalog) {
        return catalog;
    }

    @Override
    public String name() {
        return "sale-catalog";
    }

    @Override
    public byte systemCodecID() {
        return -1;
    }
}
