package io.seckill.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds a program for each server: the machine's own if it is new enough, else one from {@link DebianPackages}, which
 * changes nothing on the machine.
 */
final class Provision {
    private static final String WAY_OUT =
            ": set SECKILL_REDIS_URI, SECKILL_AMQP_URI and SECKILL_MYSQL_HOST to servers that are there";
    private static final String UNOBSERVED = ": it goes without --observe";

    private final Path packages;
    private final Progress progress;

    Provision(Path packages, Progress progress) {
        this.packages = packages;
        this.progress = progress;
    }

    Map<Engine, ServerProgram> programs(Collection<Engine> wanted) {
        Map<Engine, ServerProgram> found = new EnumMap<>(Engine.class);
        List<Engine> missing = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        for (Engine engine : wanted) {
            Optional<ServerProgram> program = installed(engine, reasons).or(() -> unpacked(engine));
            program.ifPresentOrElse(one -> found.put(engine, one), () -> missing.add(engine));
        }
        if (!missing.isEmpty()) {
            try {
                new DebianPackages(packages, progress).fetch(bundles(missing), reasons);
                for (Engine engine : missing) {
                    found.put(engine, fetched(engine, reasons));
                }
            } catch (LaunchFailure e) {
                boolean onlyLooksOn = missing.equals(List.of(Engine.PROMETHEUS));
                throw new LaunchFailure(e.getMessage() + (onlyLooksOn ? UNOBSERVED : WAY_OUT), e);
            }
        }
        return found;
    }

    private Optional<ServerProgram> installed(Engine engine, List<String> reasons) {
        Optional<ServerProgram> program =
                engine.onMachine().map(executable -> new ServerProgram(engine, executable, Optional.empty()));
        Optional<Version> version = program.flatMap(one -> one.version(packages));
        if (program.isPresent() && !version.map(engine::accepts).orElse(false)) {
            reasons.add("%s is %s, older than %s"
                    .formatted(
                            program.get().executable(),
                            version.map(Version::toString).orElse("of an unknown version"),
                            engine.oldest));
            return Optional.empty();
        }
        return program;
    }

    private Optional<ServerProgram> unpacked(Engine engine) {
        Path tree = packages.resolve(engine.server);
        return DebianPackages.complete(tree)
                ? engine.within(tree).map(executable -> new ServerProgram(engine, executable, Optional.of(tree)))
                : Optional.empty();
    }

    private ServerProgram fetched(Engine engine, List<String> reasons) {
        ServerProgram program = unpacked(engine)
                .orElseThrow(
                        () -> impossible(List.of(engine.bundle()), reasons, "the packages have no " + engine.server));
        Optional<Version> version = program.version(packages);
        if (!version.map(engine::accepts).orElse(false)) {
            throw impossible(
                    List.of(engine.bundle()),
                    reasons,
                    "this system's packages have %s %s, older than %s"
                            .formatted(
                                    engine.server,
                                    version.map(Version::toString).orElse("of an unknown version"),
                                    engine.oldest));
        }
        return program;
    }

    private static List<Bundle> bundles(Collection<Engine> engines) {
        return engines.stream().map(Engine::bundle).toList();
    }

    /** Says what is missing and why. */
    static LaunchFailure impossible(Collection<Bundle> missing, List<String> reasons, String why) {
        List<String> all = new ArrayList<>(reasons);
        all.add(why);
        return new LaunchFailure("cannot get %s on this machine (%s)"
                .formatted(String.join(", ", missing.stream().map(Bundle::name).toList()), String.join("; ", all)));
    }
}
