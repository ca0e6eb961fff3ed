package io.seckill.local;

import io.seckill.loadtest.StackAddress;
import io.seckill.loadtest.TokenMint;
import io.seckill.loadtest.bench.GatewayMemory;
import io.seckill.loadtest.bench.MeasuredSite;
import io.seckill.loadtest.bench.TestBed;
import java.nio.file.Path;
import java.util.Map;

/** A stack to be measured: one gateway, one worker. */
class MeasuredStack implements MeasuredSite, AutoCloseable {
    private static final String GATEWAY = "gateway-1";
    private static final String WORKER = "worker-1";

    final Settings settings;
    final LocalStack stack;

    MeasuredStack(Settings settings, Progress progress) {
        // Workers that are stopped for some seconds must not look as if they had lost something.
        this.settings = settings.with(Map.of("SECKILL_MISSING_AFTER_MS", "60000"));
        this.stack = new LocalStack(this.settings, progress);
    }

    /** Asked before anything is started. @throws LaunchFailure that says what this machine lacks */
    static void requireGenerator() {
        String missing = TestBed.missing();
        if (!missing.isEmpty()) {
            throw new LaunchFailure(missing);
        }
    }

    void up() {
        stack.up(1, 1);
    }

    @Override
    public StackAddress address() {
        return StackAddress.from(stack.addresses()::get);
    }

    @Override
    public TokenMint mint() {
        return TokenMint.of(stack.jwtKeys(), TokenCommand.AUDIENCE);
    }

    @Override
    public String redisUri() {
        return stack.addresses().get("SECKILL_REDIS_URI");
    }

    @Override
    public Path root() {
        return settings.root();
    }

    @Override
    public Path scratch() {
        return settings.home();
    }

    @Override
    public void pauseWorkers() {
        ProcessTable.pause(live(WORKER), true);
    }

    @Override
    public void resumeWorkers() {
        ProcessTable.pause(live(WORKER), false);
    }

    @Override
    public GatewayMemory gatewayMemory() {
        return new JvmMemory(live(GATEWAY));
    }

    private long live(String name) {
        return stack.live(name).orElseThrow(() -> new LaunchFailure(name + " does not run"));
    }

    /** Stops everything. */
    @Override
    public void close() {
        stack.live(WORKER).ifPresent(pid -> ProcessTable.pause(pid, false));
        stack.stopStarted();
    }
}
