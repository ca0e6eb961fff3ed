package io.seckill.local;

import io.seckill.loadtest.chaos.Chaos;
import io.seckill.loadtest.chaos.ChaosPlan;
import io.seckill.loadtest.chaos.ChaosReport;
import io.seckill.loadtest.chaos.FaultKind;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ./seckill chaos}: a live sale, and everything that can go wrong. */
@Command(
        name = "chaos",
        mixinStandardHelpOptions = true,
        description = {
            "Starts a stack of its own under $SECKILL_HOME/chaos, on free ports, and lets faults strike it during a rush,"
                    + " a round after the other. After each round the history of every attempt is held against MySQL and"
                    + " Redis, and what is free must sell again, exactly.",
            "Exits 1 if a promise broke; the logs of that round are kept. A running stack is not touched."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./seckill chaos",
            "  ./seckill chaos --rounds 100 --seed 7 --pairs 100",
            "  ./seckill chaos --seed 7 --round 12        round 12 of that run, alone",
            "  ./seckill chaos --faults kill-redis,redis-rollback,stop-worker",
            "  ./seckill chaos --list"
        })
final class ChaosCommand implements Callable<Integer> {
    private static final int MOST_ROUNDS = 10_000;
    private static final int SEEDS = 1_000_000;

    @ParentCommand
    private SeckillMain main;

    @Spec
    private CommandSpec spec;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "40", description = "How many (${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description =
                    "Of the plan: the same seed, rounds, faults and pairs make the same plan (a random one, printed).")
    private Long seed;

    @Option(
            names = "--faults",
            paramLabel = "NAME",
            split = ",",
            description = "Which kinds of faults may strike (all); --list shows them.")
    private List<String> faults = new ArrayList<>();

    @Option(
            names = "--pairs",
            paramLabel = "PERCENT",
            defaultValue = "40",
            description = "Rounds in a hundred with two faults at once (${DEFAULT-VALUE}).")
    private int pairs;

    @Option(names = "--round", paramLabel = "R", description = "Only this round of the plan.")
    private Integer only;

    @Option(names = "--list", description = "Print the kinds of faults and exit.")
    private boolean list;

    @Override
    public Integer call() throws InterruptedException {
        if (list) {
            Arrays.stream(FaultKind.values())
                    .forEach(kind -> System.out.printf("%-18s %s%n", kind.title(), kind.description()));
            return 0;
        }
        OptionRange.check(spec, "--rounds", rounds, 1, MOST_ROUNDS);
        OptionRange.check(spec, "--pairs", pairs, 0, 100);
        long chosen = seed == null ? new SecureRandom().nextInt(SEEDS) : seed;
        ChaosPlan plan = ChaosPlan.of(chosen, rounds, kinds(), pairs);
        if (only != null) {
            OptionRange.check(spec, "--round", only, 1, rounds);
            plan = new ChaosPlan(List.of(plan.rounds().get(only - 1)));
        }
        return run(plan, replay(chosen));
    }

    private int run(ChaosPlan plan, String replay) throws InterruptedException {
        Progress progress = new Progress(System.out);
        progress.line("the plan: " + replay);
        Settings settings = siteSettings(main.settings());
        Home.deleteTree(settings.home());
        try (ChaosSite site = new ChaosSite(settings, main.settings().home().resolve("chaos-failures"), progress);
                CtrlC cleanup = CtrlC.then(site::close)) {
            ChaosReport report = Chaos.run(plan, site.up(), progress::step);
            progress.line("");
            progress.line(report.render());
            progress.line("again: " + replay);
            return report.ok() ? 0 : 1;
        }
    }

    /** Beside the stack in this home, with its packages and jars. */
    static Settings siteSettings(Settings outer) {
        return Settings.isolated(
                        outer.root(),
                        outer.home().resolve("chaos"),
                        Map.of("SECKILL_PKG", outer.packages().toString()))
                .with(Map.of("SECKILL_APP", outer.app().toString()));
    }

    private List<FaultKind> kinds() {
        if (faults.isEmpty()) {
            return List.of(FaultKind.values());
        }
        List<FaultKind> kinds = new ArrayList<>();
        for (String name : faults) {
            kinds.add(FaultKind.of(name)
                    .orElseThrow(() -> new ParameterException(
                            spec.commandLine(),
                            "--faults has '%s'; it must be of %s".formatted(name, FaultKind.titles()))));
        }
        return kinds;
    }

    private String replay(long chosen) {
        return "./seckill chaos --seed %d --rounds %d --pairs %d%s%s"
                .formatted(
                        chosen,
                        rounds,
                        pairs,
                        faults.isEmpty() ? "" : " --faults " + String.join(",", faults),
                        only == null ? "" : " --round " + only);
    }
}
