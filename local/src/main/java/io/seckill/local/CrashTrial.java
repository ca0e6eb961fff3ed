package io.seckill.local;

import io.seckill.loadtest.SaleTrial;
import io.seckill.loadtest.StackAddress;
import io.seckill.loadtest.TokenMint;
import io.seckill.schema.fault.CrashPoint;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * One trial: during a live sale a process of a running stack dies at a named point, is started again as a supervisor would, and
 * the auditor judges. What leads to the point is in {@link CrashPlan}, the sale in {@link SaleTrial}.
 */
final class CrashTrial {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int UNITS = 200;
    private static final int BUYERS = 260;
    private static final int BUYERS_PER_SECOND = 200;

    private final Settings settings;
    private final LocalStack stack;

    /** @param stack up, with as many gateways and workers as {@link CrashPlan} says */
    CrashTrial(Settings settings, LocalStack stack) {
        this.settings = settings;
        this.stack = stack;
    }

    /**
     * Blocks until it is over; the stack is whole again then.
     *
     * @throws LaunchFailure if a process did not get to its point, or what cannot be read is not one dead letter
     */
    SaleTrial.Outcome run(CrashPlan plan) throws InterruptedException {
        Poison poison = new Poison(stack);
        try {
            plan.armed().forEach((name, point) -> arm(settings, stack, name, point.id()));
            SaleTrial.Outcome outcome = SaleTrial.run(
                    StackAddress.from(stack.addresses()::get),
                    TokenMint.of(stack.jwtKeys(), TokenCommand.AUDIENCE),
                    new SaleTrial.Terms(UNITS, BUYERS, BUYERS_PER_SECOND, plan.unpaidSeconds(), plan.untilAllFree()),
                    () -> {
                        switch (plan.trouble()) {
                            case POISON -> poison.send();
                            case REDIS_LOST -> forgetAll();
                            case CANCELLED -> cancellation().send();
                            case NONE -> {}
                        }
                        plan.armed().forEach(this::awaitDeath);
                        complete(settings);
                    });
            awaitEmptyOutbox();
            if (plan.trouble() == CrashPlan.Trouble.POISON && poison.letters() != 1) {
                throw new LaunchFailure(poison.letters() + " dead letters of one message");
            }
            return outcome;
        } finally {
            complete(settings);
        }
    }

    /**
     * Starts a process anew, so that it dies when it gets to this point; starts what else is missing, too. It ends in good
     * order before: a message that it had stored but not yet acknowledged would come back, and lead to the point too early.
     */
    static void arm(Settings settings, LocalStack stack, String name, String point) {
        if (stack.live(name).isPresent()) {
            stack.terminate(name);
        }
        complete(settings.with(Map.of("SECKILL_CRASH_AT", point)));
    }

    private static void complete(Settings settings) {
        new LocalStack(settings, Progress.silent()).up(CrashPlan.GATEWAYS, CrashPlan.WORKERS);
    }

    private Cancellation cancellation() {
        StackAddress address = StackAddress.from(stack.addresses()::get);
        return new Cancellation(
                address,
                TokenMint.of(stack.jwtKeys(), TokenCommand.AUDIENCE),
                address.gateways().get(0));
    }

    private void forgetAll() {
        ask("FLUSHALL");
    }

    // What is stored may still be in the outbox, and comes to a worker again: the next one must not die of it.
    private void awaitEmptyOutbox() {
        await("a lot stays in the outbox", () -> ask("KEYS seckill:*:outbox").equals("0"));
    }

    private String ask(String command) {
        URI redis = URI.create(stack.addresses().get("SECKILL_REDIS_URI"));
        try (RedisConsole console =
                new RedisConsole(redis.getPort(), redis.getUserInfo().substring(1))) {
            return console.ask(command);
        }
    }

    private void awaitDeath(String name, CrashPoint point) {
        await("%s did not get to %s".formatted(name, point.id()), () -> stack.live(name)
                .isEmpty());
    }

    private static void await(String orElse, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new LaunchFailure(orElse);
            }
            Supervisor.pause();
        }
    }
}
