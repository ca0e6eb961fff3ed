package io.seckill.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.loadtest.chaos.Chaos;
import io.seckill.loadtest.chaos.ChaosPlan;
import io.seckill.loadtest.chaos.ChaosReport;
import io.seckill.loadtest.chaos.FaultKind;
import io.seckill.loadtest.chaos.PlannedFault;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A short run of {@code ./seckill chaos}: the same few rounds each time, and every process in one of them. */
class ChaosIT {
    private static final long SEED = 8;
    private static final int ROUNDS = 8;
    private static final int PAIRS_PERCENT = 40;
    private static final List<FaultKind> KINDS = List.of(
            FaultKind.KILL_GATEWAY,
            FaultKind.STOP_GATEWAY,
            FaultKind.KILL_WORKER,
            FaultKind.STOP_WORKER,
            FaultKind.KILL_PAYMENTS,
            FaultKind.KILL_REDIS,
            FaultKind.KILL_RABBITMQ,
            FaultKind.KILL_MYSQL);

    @TempDir
    private Path home;

    @Test
    void shouldKeepEveryPromiseWhicheverProcessDies() throws InterruptedException {
        ChaosPlan plan = ChaosPlan.of(SEED, ROUNDS, KINDS, PAIRS_PERCENT);
        Set<String> hit = plan.rounds().stream()
                .flatMap(round -> round.faults().stream())
                .map(PlannedFault::target)
                .collect(Collectors.toSet());
        assertEquals(
                Set.of("gateway-1", "gateway-2", "worker-1", "worker-2", "payments", "redis", "rabbitmq", "mysql"),
                hit,
                "each process has its round");

        Settings settings = Settings.isolated(Settings.repository(Path.of(".")), home, System.getenv());
        Progress progress = new Progress(System.out);
        progress.line("chaos seed=" + SEED);
        // Beside the home, which is deleted in the end.
        Path kept = Path.of("target", "chaos-failures").toAbsolutePath();
        try (ChaosSite site = new ChaosSite(settings, kept, progress)) {
            ChaosReport report = Chaos.run(plan, site.up(), progress::step);
            progress.line(report.render());
            assertTrue(report.ok(), report::render);
        }
    }
}
