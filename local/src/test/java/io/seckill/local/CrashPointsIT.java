package io.seckill.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.loadtest.SaleTrial;
import io.seckill.schema.fault.CrashPoint;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A process dies at each step of an order's life in a live sale; many times each: {@code ./seckill crashpoints}. */
class CrashPointsIT {
    @TempDir
    private static Path home;

    private static LocalStack stack;
    private static CrashTrial trial;

    @BeforeAll
    static void up() {
        Settings settings = Settings.isolated(Settings.repository(Path.of(".")), home, System.getenv());
        stack = new LocalStack(settings, new Progress(System.out));
        stack.up(CrashPlan.GATEWAYS, CrashPlan.WORKERS);
        trial = new CrashTrial(settings, stack);
    }

    @AfterAll
    static void down() {
        stack.down();
    }

    // One of each process's share; the way back has a test of its own, RestockCrashIT.
    @ParameterizedTest
    @EnumSource(
            names = {"PURCHASE_RESERVED", "PURCHASE_CONFIRMED", "RELAY_PUBLISHED", "ORDER_COMMITTED", "REBUILD_WRITTEN"
            })
    void shouldKeepEveryPromiseWhereAProcessDies(CrashPoint point) throws InterruptedException {
        run(point);
    }

    @Tag("nightly")
    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.MATCH_ANY,
            names = {"PURCHASE_.*", "RELAY_.*", "ORDER_.*", "DEAD_LETTER_.*", "REBUILD_.*"})
    void shouldKeepEveryPromiseWhereverAProcessDies(CrashPoint point) throws InterruptedException {
        run(point);
    }

    private static void run(CrashPoint point) throws InterruptedException {
        SaleTrial.Outcome outcome = trial.run(CrashPlan.of(point));

        assertTrue(outcome.report().balanced(), outcome.report()::render);
        assertEquals(200, outcome.accepted());
        assertEquals(0, outcome.turnedAway());
    }
}
