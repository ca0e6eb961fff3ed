package io.seckill.local;

import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * What {@code ./seckill} runs: one class a command, each of them a thin shell around {@link LocalStack}. Exit codes: 0
 * done, 1 it went wrong or did not balance, 2 asked for wrongly, 3 (of a load test) the figures are void.
 */
@Command(
        name = "seckill",
        mixinStandardHelpOptions = true,
        version = "seckill 1.0.0-SNAPSHOT",
        synopsisSubcommandLabel = "COMMAND",
        description =
                "A flash sale on this machine: real Redis, RabbitMQ and MySQL, gateways, workers and a test payment provider.",
        optionListHeading = "%nOptions:%n",
        commandListHeading = "%nCommands:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./seckill demo                        a sale of 1,000 units and a rush of 20,000 buyers",
            "  ./seckill up --gateways 3 --detach    a stack that stays when the terminal closes",
            "  . .seckill/env                        its addresses, in this shell",
            "  ./seckill status",
            "  ./seckill down",
            "  ./seckill loadtest                    scenarios of load, and a report to look at",
            "",
            "Variables (all optional):",
            "  SECKILL_HOME                     where state lives: data, logs, pids (<repository>/.seckill)",
            "  SECKILL_PKG                      where fetched server packages are kept ($SECKILL_HOME/pkg)",
            "  SECKILL_HTTP_PORT                gateway-1's shopper API; gateway-i has i-1 more (8080)",
            "  SECKILL_MANAGEMENT_PORT          gateway-1's management listener, likewise (9080)",
            "  SECKILL_WORKER_MANAGEMENT_PORT   worker-1's management listener, likewise (9180)",
            "  SECKILL_PAYMENTS_PORT            the test payment provider (9280)",
            "  SECKILL_PROMETHEUS_PORT          Prometheus, with up --observe (9380)",
            "  SECKILL_REDIS_PORT               (16379)",
            "  SECKILL_AMQP_PORT                (15673)",
            "  SECKILL_AMQP_DIST_PORT           RabbitMQ's distribution (15683)",
            "  SECKILL_AMQP_EPMD_PORT           RabbitMQ's name server (15684)",
            "  SECKILL_MYSQL_PORT               (13306)",
            "  SECKILL_GATEWAY_OPTS             JVM flags of a gateway, instead of",
            "  SECKILL_WORKER_OPTS              and of a worker",
            "                                   (" + Settings.JVM_OPTIONS + ")",
            "  SECKILL_DEBUG=1                  stack traces with errors",
            "",
            "Servers of your own, used and neither started nor stopped:",
            "  SECKILL_REDIS_URI                redis://:password@host:6379",
            "  SECKILL_AMQP_URI                 amqp://user:password@host:5672",
            "  SECKILL_MYSQL_HOST               with _PORT (3306), _USER (seckill), _PASSWORD, _DATABASE (seckill)",
            "",
            "Every other SECKILL_ variable is passed on to gateways and workers.",
            "Everything that is started listens on 127.0.0.1 only."
        },
        subcommands = {
            DemoCommand.class,
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            TokenCommand.class,
            AuditCommand.class,
            MeasureCommand.class,
            BenchCommand.class,
            LoadTestCommand.class,
            SimulateCommand.class,
            MutantsCommand.class,
            ChaosCommand.class,
            CrashPointsCommand.class,
            ImagesCommand.class,
            TestCommand.class
        })
public final class SeckillMain implements Runnable {
    private final Map<String, String> environment;

    @Spec
    private CommandSpec spec;

    SeckillMain(Map<String, String> environment) {
        this.environment = environment;
    }

    public static void main(String[] arguments) {
        System.exit(commandLine(System.getenv()).execute(arguments));
    }

    static CommandLine commandLine(Map<String, String> environment) {
        CommandLine line = new CommandLine(new SeckillMain(environment));
        // Maven's own options follow `test` as they are.
        line.getSubcommands().get("test").setUnmatchedOptionsArePositionalParams(true);
        line.setUsageHelpWidth(110);
        boolean debug = "1".equals(environment.get("SECKILL_DEBUG"));
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            if (CtrlC.explainsFailure()) {
                return CommandLine.ExitCode.SOFTWARE;
            }
            if (debug) {
                failure.printStackTrace(command.getErr());
            }
            command.getErr().println("seckill: " + explain(failure));
            return CommandLine.ExitCode.SOFTWARE;
        });
        return line;
    }

    private static String explain(Throwable failure) {
        if (failure instanceof LaunchFailure) {
            return failure.getMessage();
        }
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
    }

    Settings settings() {
        String root = System.getProperty("seckill.root");
        return Settings.from(environment, Settings.repository(Path.of(root == null ? "." : root)));
    }

    /** Without a command there is nothing to do but to say what there is. */
    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Missing command");
    }
}
