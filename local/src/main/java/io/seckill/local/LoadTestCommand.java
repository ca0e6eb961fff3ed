package io.seckill.local;

import io.seckill.loadtest.scenario.LoadTest;
import io.seckill.loadtest.scenario.Scenario;
import io.seckill.loadtest.scenario.Size;
import io.seckill.loadtest.scenario.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ./seckill loadtest}: scenarios of load, an audit of every sale, and a report. */
@Command(
        name = "loadtest",
        mixinStandardHelpOptions = true,
        description = {
            "Plays scenarios of load with Gatling, in an open model: who comes when is fixed by the seed and changed by no answer."
                    + " wrk, if it is there, measures the ceilings. Then every sale is audited and a report written, one HTML"
                    + " file.",
            "Uses the stack that runs; otherwise starts one beside any other, with one gateway and one worker, and stops it.",
            "Exits 0 if every promise was kept, 1 if one broke or the test could not be carried through, 2 if asked for wrongly, 3"
                    + " if the generator was starved, so that the figures are void."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./seckill loadtest                                       all scenarios, short",
            "  ./seckill loadtest rush --users 5000 --stock 50 --seed 7",
            "  ./seckill loadtest sustained --rate 1000 --duration 60",
            "  ./seckill loadtest --list",
            "  ./seckill loadtest mixed --target http://10.0.0.5:8080 --management http://10.0.0.5:9080 \\",
            "      --operator-token \"$ADMIN\" --tokens buyers.tsv        with SECKILL_MYSQL_HOST and so on set, for the audit"
        })
final class LoadTestCommand implements Callable<Integer> {
    private static final int SEEDS = 1_000_000;
    private static final String ALL = "all";
    private static final DateTimeFormatter FOLDER = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    @ParentCommand
    private SeckillMain main;

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "SCENARIO",
            arity = "0..*",
            description = "What to play, in this order (all); --list shows what there is.")
    private List<String> scenarios = new ArrayList<>();

    @Option(
            names = "--duration",
            paramLabel = "SECONDS",
            description = "Within which users come (each scenario's own).")
    private Integer duration;

    @Option(names = "--rate", paramLabel = "N", description = "Users a second (each scenario's own).")
    private Integer rate;

    @Option(names = "--users", paramLabel = "N", description = "How many come (rate times duration).")
    private Integer users;

    @Option(
            names = "--stock",
            paramLabel = "N",
            description = "Units, of all sales of a scenario (in proportion to users).")
    private Integer stock;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "The same seed and sizes make the same users come at the same times (a random one, printed).")
    private Long seed;

    @Option(names = "--no-ceilings", description = "Leave wrk out.")
    private boolean noCeilings;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where the report goes ($SECKILL_HOME/loadtest-reports/TIME).")
    private Path out;

    @Option(names = "--list", description = "Print the scenarios and exit.")
    private boolean list;

    @ArgGroup(exclusive = false, heading = "%nA stack somewhere else:%n")
    private LoadTestTarget target;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (list) {
            Arrays.stream(Scenario.values())
                    .forEach(scenario -> System.out.printf("%-12s %s%n", scenario.title(), scenario.description()));
            return 0;
        }
        long chosen = seed == null ? new SecureRandom().nextInt(SEEDS) : seed;
        LoadTest.Plan plan = plan(chosen);
        if (target != null) {
            target.check(spec, plan.users());
        }
        Path folder = (out == null
                        ? main.settings()
                                .home()
                                .resolve("loadtest-reports")
                                .resolve(FOLDER.format(LocalDateTime.now(ZoneId.systemDefault())))
                        : out)
                .toAbsolutePath();
        Progress progress = new Progress(System.out);
        progress.line("again: " + plan.command());
        try (LoadTestStack stack = new LoadTestStack(main.settings(), target, progress);
                CtrlC cleanup = CtrlC.then(stack::close)) {
            stack.up();
            progress.line(plan.machine());
            Verdict verdict = LoadTest.run(stack.site(plan, folder, !noCeilings), plan, System.out);
            return verdict.kind().exitCode();
        }
    }

    private LoadTest.Plan plan(long chosen) {
        atLeastOne("--duration", duration);
        atLeastOne("--rate", rate);
        atLeastOne("--users", users);
        atLeastOne("--stock", stock);
        Size.Wish wish = new Size.Wish(
                Optional.ofNullable(users),
                Optional.ofNullable(duration),
                Optional.ofNullable(rate),
                Optional.ofNullable(stock));
        List<LoadTest.Part> parts = new ArrayList<>();
        for (Scenario scenario : scenarios()) {
            try {
                parts.add(new LoadTest.Part(scenario, Size.of(scenario, wish)));
            } catch (IllegalArgumentException e) {
                throw new ParameterException(spec.commandLine(), e.getMessage(), e);
            }
        }
        return new LoadTest.Plan(
                parts, chosen, again(chosen), Machine.line(main.settings().root()));
    }

    private void atLeastOne(String option, Integer value) {
        if (value != null && value < 1) {
            throw new ParameterException(spec.commandLine(), "%s is %d; it must be 1 or more".formatted(option, value));
        }
    }

    private Set<Scenario> scenarios() {
        Set<Scenario> chosen = new LinkedHashSet<>();
        for (String title : scenarios.isEmpty() ? List.of(ALL) : scenarios) {
            if (title.equals(ALL)) {
                chosen.addAll(List.of(Scenario.values()));
            } else {
                chosen.add(Scenario.of(title)
                        .orElseThrow(() -> new ParameterException(
                                spec.commandLine(),
                                "there is no scenario '%s'; it must be of %s, or all"
                                        .formatted(title, Scenario.titles()))));
            }
        }
        return chosen;
    }

    /** The command that does the same again; without secrets. */
    private String again(long chosen) {
        StringBuilder command = new StringBuilder("./seckill loadtest");
        scenarios.forEach(title -> command.append(' ').append(title));
        option(command, "--duration", duration);
        option(command, "--rate", rate);
        option(command, "--users", users);
        option(command, "--stock", stock);
        option(command, "--seed", chosen);
        if (noCeilings) {
            command.append(" --no-ceilings");
        }
        if (target != null) {
            command.append(target.again());
        }
        return command.toString();
    }

    private static void option(StringBuilder command, String name, Number value) {
        if (value != null) {
            command.append(' ').append(name).append(' ').append(value);
        }
    }
}
