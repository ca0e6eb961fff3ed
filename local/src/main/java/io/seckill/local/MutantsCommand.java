package io.seckill.local;

import io.seckill.loadtest.mutants.Mutant;
import io.seckill.loadtest.mutants.MutantRun;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ./seckill mutants}: whether the simulation would notice what could be got wrong. No server is needed. */
@Command(
        name = "mutants",
        mixinStandardHelpOptions = true,
        description = {
            "Puts one deliberate defect after the other into the product, none of which is written anywhere, and lets the"
                    + " simulation find it. They are in loadtest/mutants.",
            "Exits 0 if the product is found good and every defect is caught."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./seckill mutants                         all of them",
            "  ./seckill mutants --only no-fence         one",
        })
final class MutantsCommand implements Callable<Integer> {
    @ParentCommand
    private SeckillMain main;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            defaultValue = "8000",
            description = "How many the simulation may take for each (${DEFAULT-VALUE}).")
    private long seeds;

    @Option(names = "--only", paramLabel = "NAME", description = "This one; may be given more than once.")
    private List<String> names = new ArrayList<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (seeds < 1) {
            throw new ParameterException(spec.commandLine(), "--seeds must be at least 1");
        }
        Settings settings = main.settings();
        List<Mutant> all = Mutant.all(settings.root().resolve("loadtest").resolve("mutants"));
        List<String> known = all.stream().map(Mutant::name).toList();
        for (String name : names) {
            if (!known.contains(name)) {
                throw new ParameterException(
                        spec.commandLine(), "--only is '%s'; it must be one of %s".formatted(name, known));
            }
        }
        MutantRun run = new MutantRun(
                System.out,
                settings.root(),
                System.getProperty("java.class.path"),
                List.of(SeckillMain.class.getName(), "simulate", "--seeds", Long.toString(seeds)));
        List<Mutant> chosen = names.isEmpty()
                ? all
                : all.stream().filter(mutant -> names.contains(mutant.name())).toList();
        return run.run(chosen) ? 0 : 1;
    }
}
