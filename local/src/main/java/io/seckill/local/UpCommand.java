package io.seckill.local;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ./seckill up}: brings the stack up, or completes it. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = {
            "Starts Redis, RabbitMQ, MySQL, gateways, workers and a test payment provider, and prints the addresses"
                    + " when all are ready.",
            "On a stack that lost a process it starts just what is missing. More gateways or workers than run"
                    + " are added; fewer leave the others alone.",
            "With --observe a Prometheus reads the metrics of every gateway and worker and judges the alerts of k8s/observe;"
                    + " Debian's package is fetched once, like the servers.",
            "With --servers Redis, RabbitMQ and MySQL start alone, with their users and without a schema, for services that run"
                    + " elsewhere (k8s/podman).",
            "Without --detach it stays until Ctrl-C and then stops what it started."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./seckill up",
            "  ./seckill up --gateways 4 --workers 3 --detach",
            "  ./seckill up --observe --detach",
            "  SECKILL_HTTP_PORT=8180 ./seckill up",
            "",
            "The variables and their defaults: ./seckill --help"
        })
final class UpCommand implements Callable<Integer> {
    @ParentCommand
    private SeckillMain main;

    @Spec
    private CommandSpec spec;

    @Mixin
    private Sizes sizes;

    @Option(names = "--detach", description = "Return when all are ready; ./seckill down stops them.")
    private boolean detach;

    @Option(names = "--observe", description = "Prometheus besides, on 127.0.0.1; ./seckill down stops it, too.")
    private boolean observe;

    @Option(names = "--servers", description = "The three servers alone.")
    private boolean servers;

    @Override
    public Integer call() throws InterruptedException {
        if (servers && observe) {
            throw new ParameterException(spec.commandLine(), "--servers starts nothing that --observe could watch");
        }
        Progress progress = new Progress(System.out);
        LocalStack stack = new LocalStack(main.settings(), progress);
        try (CtrlC cleanup = CtrlC.then(stack::stopStarted)) {
            List<String> started = servers ? stack.upServers() : stack.up(sizes.gateways(), sizes.workers(), observe);
            if (servers) {
                progress.line("env file    " + stack.envFile());
            } else {
                print(stack, progress);
            }
            if (started.isEmpty()) {
                progress.line("everything was up already; ./seckill down stops it");
                return 0;
            }
            if (detach) {
                return 0;
            }
            progress.line(
                    "Ctrl-C stops " + (started.size() == stack.status().size() ? "it" : String.join(", ", started)));
            watch(stack, progress);
            return 0;
        }
    }

    /** The addresses, one line a kind. */
    static void print(LocalStack stack, Progress progress) {
        Map<String, String> addresses = stack.addresses();
        progress.line("shop        " + addresses.get("SECKILL_GATEWAYS"));
        progress.line("management  " + addresses.get("SECKILL_MANAGEMENT"));
        progress.line("payments    " + addresses.get(Service.PAYMENT_URL));
        if (addresses.containsKey(Addresses.PROMETHEUS)) {
            progress.line("prometheus  " + addresses.get(Addresses.PROMETHEUS));
        }
        progress.line("env file    " + stack.envFile());
    }

    /** Until Ctrl-C, or until nothing is left to wait for; says which process was lost. */
    private static void watch(LocalStack stack, Progress progress) throws InterruptedException {
        List<String> lost = new ArrayList<>();
        while (stack.running()) {
            Thread.sleep(1000);
            List<String> missing = List.copyOf(stack.missing());
            for (String name : missing) {
                if (!lost.contains(name) && !CtrlC.pressed()) {
                    progress.step(name + " has ended; ./seckill up starts it again");
                }
            }
            lost = new ArrayList<>(missing);
        }
        progress.step("nothing runs any more");
    }
}
