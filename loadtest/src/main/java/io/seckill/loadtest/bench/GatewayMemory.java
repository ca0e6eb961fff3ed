package io.seckill.loadtest.bench;

import java.io.IOException;

/** What a gateway's process uses at a moment. */
public interface GatewayMemory {
    /** Bytes that live objects take in the heap: collects the garbage first, and blocks meanwhile. */
    long liveBytes() throws IOException;

    /** Bytes of the whole process. */
    long residentBytes() throws IOException;
}
