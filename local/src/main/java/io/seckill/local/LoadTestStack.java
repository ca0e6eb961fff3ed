package io.seckill.local;

import io.seckill.loadtest.Crowd;
import io.seckill.loadtest.StackAddress;
import io.seckill.loadtest.TokenMint;
import io.seckill.loadtest.bench.Wrk;
import io.seckill.loadtest.scenario.Ceiling;
import io.seckill.loadtest.scenario.LoadTest;
import io.seckill.loadtest.scenario.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** The stack of a load test: the one asked for, the one that runs, or one of its own that ends with it. */
final class LoadTestStack implements AutoCloseable {
    private static final Duration TOKEN_TTL = Duration.ofHours(6);
    private static final Duration OPERATOR_TTL = Duration.ofMinutes(5);
    private static final int LEAST_USERS = 4_000;
    private static final int WRK_USERS = 100_000;
    private static final int WRK_SECONDS = 2;
    private static final String PREFIX = "SECKILL_AMQP_PREFIX";

    private final Settings outer;
    private final LoadTestTarget target;
    private final Progress progress;
    private final LocalStack stack;
    private final boolean own;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** @param target null unless it is somewhere else */
    LoadTestStack(Settings outer, LoadTestTarget target, Progress progress) {
        this.outer = outer;
        this.target = target;
        this.progress = progress;
        LocalStack running = new LocalStack(outer, progress);
        this.own = target == null && !running.running();
        this.stack = own ? new LocalStack(isolated(outer), progress) : running;
    }

    private static Settings isolated(Settings outer) {
        return Settings.isolated(
                        outer.root(),
                        outer.home().resolve("loadtest"),
                        Map.of("SECKILL_PKG", outer.packages().toString()))
                .with(Map.of("SECKILL_APP", outer.app().toString()));
    }

    void up() {
        if (own) {
            Home.deleteTree(outer.home().resolve("loadtest"));
            stack.up(1, 1);
        } else if (target == null) {
            progress.line("using the stack that runs, at " + stack.addresses().get("SECKILL_GATEWAYS"));
        }
    }

    /** @param out of the report */
    Site site(LoadTest.Plan plan, Path out, boolean ceilings) throws IOException {
        Files.createDirectories(out);
        boolean wrk = ceilings && Wrk.isThere();
        if (ceilings && !wrk) {
            progress.line("wrk is not on the PATH: no ceilings are measured");
        }
        return target == null ? here(plan, out, wrk) : elsewhere(out, wrk);
    }

    private Site here(LoadTest.Plan plan, Path out, boolean wrk) throws IOException {
        Map<String, String> addresses = stack.addresses();
        TokenMint mint = TokenMint.of(stack.jwtKeys(), TokenCommand.AUDIENCE);
        Optional<Ceiling> ceiling = Optional.empty();
        if (wrk) {
            Path tokens = Wrk.mint(wrkTokens(), mint, WRK_USERS, TOKEN_TTL);
            ceiling = Optional.of(new Ceiling(script(), tokens, WRK_USERS, WRK_SECONDS));
        }
        return new Site(
                StackAddress.from(addresses::get),
                () -> mint.mint("loadtest", "admin", OPERATOR_TTL),
                Optional.of(addresses.get("SECKILL_AMQP_URI")),
                prefix(),
                Crowd.mint(mint, "buyer-", Math.max(LEAST_USERS, plan.users()), TOKEN_TTL),
                ceiling,
                outer.gatling(),
                out);
    }

    private Site elsewhere(Path out, boolean wrk) {
        return new Site(
                target.address(outer.environment()),
                target::operatorToken,
                Optional.ofNullable(outer.environment().get("SECKILL_AMQP_URI")),
                prefix(),
                target.crowd(),
                wrk
                        ? Optional.of(new Ceiling(
                                script(), target.tokens(), target.crowd().size(), WRK_SECONDS))
                        : Optional.empty(),
                outer.gatling(),
                out);
    }

    private Path wrkTokens() {
        return outer.home().resolve("loadtest-wrk.tsv");
    }

    private String prefix() {
        return outer.environment().getOrDefault(PREFIX, "seckill");
    }

    private Path script() {
        return outer.root().resolve("loadtest/wrk/bench.lua");
    }

    /** Stops what this started. */
    @Override
    public void close() {
        // Ctrl-C and the end of the command may meet here.
        if (own && !closed.getAndSet(true)) {
            stack.stopStarted();
        }
        try {
            Files.deleteIfExists(wrkTokens());
        } catch (IOException e) {
            throw new LaunchFailure("cannot delete " + wrkTokens() + ", which has tokens: " + e.getMessage(), e);
        }
    }
}
