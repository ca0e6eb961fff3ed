package io.seckill.loadtest.bench;

import io.seckill.loadtest.StackAddress;
import io.seckill.loadtest.TokenMint;
import java.nio.file.Path;

/** What is measured: one gateway, one worker, and the servers. */
public interface MeasuredSite {
    StackAddress address();

    TokenMint mint();

    String redisUri();

    /** The repository, where wrk's script is. */
    Path root();

    /** A folder for files that nobody needs afterwards. */
    Path scratch();

    /** The workers do nothing until {@link #resumeWorkers}: their processes are stopped. For some seconds only. */
    void pauseWorkers();

    void resumeWorkers();

    GatewayMemory gatewayMemory();
}
