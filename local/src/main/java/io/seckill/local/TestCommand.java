package io.seckill.local;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code ./seckill test}: every test of the repository against real servers of their own. */
@Command(
        name = "test",
        mixinStandardHelpOptions = true,
        description = {
            "Runs mvn verify with fresh servers under $SECKILL_HOME/test, on ports of their own, and stops them at the"
                    + " end. A running stack is not touched. The exit code is Maven's."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./seckill test",
            "  ./seckill test -pl gateway -am",
            "  ./seckill test -Dit.test=StackIT -Dsurefire.failIfNoSpecifiedTests=false"
        })
final class TestCommand implements Callable<Integer> {
    private static final Set<String> OF_A_STACK = Set.of(
            "SECKILL_HOME",
            "SECKILL_APP",
            "SECKILL_INSTANCE",
            "SECKILL_GATEWAYS",
            "SECKILL_MANAGEMENT",
            "SECKILL_JWT_KEYS",
            Service.PAYMENT_SECRETS,
            Service.PAYMENT_URL);

    @ParentCommand
    private SeckillMain main;

    @Parameters(paramLabel = "MAVEN_ARGS", arity = "0..*", description = "Passed on to Maven.")
    private List<String> mavenArguments = new ArrayList<>();

    @Override
    public Integer call() throws InterruptedException {
        Settings outer = main.settings();
        Settings settings = testSettings(outer);
        LocalStack stack = new LocalStack(settings, new Progress(System.out));
        if (stack.running()) {
            stack.down();
        }
        Home.deleteTree(settings.home());
        try (CtrlC cleanup = CtrlC.then(stack::stopStarted)) {
            try {
                stack.upServers();
                return maven(outer, settings, stack.serverVariables());
            } finally {
                stack.stopStarted();
            }
        }
    }

    /** Beside the stack in this home, with its packages; servers that are really somebody else's are used here too. */
    static Settings testSettings(Settings outer) {
        Map<String, String> environment = new TreeMap<>(outer.environment());
        Home home = new Home(outer.home());
        if (java.nio.file.Files.exists(home.conf().resolve("secrets"))) {
            // What was sourced from this home's env file names its own stack, which the tests must not meet.
            Map<String, String> external = Endpoints.external(environment, Secrets.of(home));
            environment
                    .keySet()
                    .removeIf(name -> (name.equals(Endpoints.REDIS)
                                    || name.equals(Endpoints.AMQP)
                                    || name.startsWith("SECKILL_MYSQL_"))
                            && !external.containsKey(name));
        }
        environment.put("SECKILL_HOME", outer.home().resolve("test").toString());
        environment.put("SECKILL_PKG", outer.packages().toString());
        FreePorts.forStack().forEach((name, port) -> {
            boolean addressOfAnotherServer =
                    name.equals(Endpoints.MYSQL_PORT) && environment.containsKey(Endpoints.MYSQL_HOST);
            if (!addressOfAnotherServer) {
                environment.put(name, port);
            }
        });
        return Settings.from(environment, outer.root());
    }

    private int maven(Settings outer, Settings settings, Map<String, String> servers) throws InterruptedException {
        String mvn = Executables.find("mvn")
                .orElseThrow(() -> new LaunchFailure("no mvn on the PATH: install Maven 3.8 or later"))
                .toString();
        List<String> command = new ArrayList<>(List.of(mvn, "-B", "-ntp", "verify"));
        command.addAll(mavenArguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(outer.root().toFile()).inheritIO();
        Map<String, String> environment = builder.environment();
        // The tests see the servers and the packages, and no trace of any stack.
        environment.keySet().removeAll(OF_A_STACK);
        for (Listener listener : Listener.values()) {
            environment.remove(listener.variable);
        }
        environment.putAll(servers);
        environment.put("SECKILL_PKG", settings.packages().toString());
        try {
            return builder.start().waitFor();
        } catch (IOException e) {
            throw new LaunchFailure("cannot start " + mvn + ": " + e.getMessage(), e);
        }
    }
}
