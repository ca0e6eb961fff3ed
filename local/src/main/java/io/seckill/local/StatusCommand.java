package io.seckill.local;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code ./seckill status}: a line a process. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = {
            "A line per process: name, pid, address, and ready, not ready or dead.",
            "Exits 0 if everything that up started is ready, else 1."
        })
final class StatusCommand implements Callable<Integer> {
    @ParentCommand
    private SeckillMain main;

    @Override
    public Integer call() {
        List<ProcessStatus> lines = new LocalStack(main.settings(), new Progress(System.out)).status();
        if (lines.isEmpty()) {
            System.out.println("nothing runs; ./seckill up starts it");
            return 1;
        }
        lines.forEach(line -> System.out.println(line.line()));
        return lines.stream().allMatch(line -> line.state() == ProcessStatus.State.READY) ? 0 : 1;
    }
}
