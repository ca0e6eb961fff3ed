package io.seckill.local;

import io.seckill.local.images.BaseImage;
import io.seckill.local.images.BuildFacts;
import io.seckill.local.images.ImageBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ./seckill images}: container images of gateway, worker and schema job, without a container engine. */
@Command(
        name = "images",
        mixinStandardHelpOptions = true,
        description = {
            "Builds seckill/gateway, seckill/order-worker and seckill/schema as tars that docker load and podman load take."
                    + " No container engine is needed, and no registry for the local base.",
            "They run as a user that is not root and write to /tmp only. See docs/images.md."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./seckill images",
            "  ./seckill images --out /tmp/images --base NAME@sha256:DIGEST",
            "  ./seckill images --base tar:///tmp/base.tar",
            "  podman load -i .seckill/images/seckill-gateway-1.0.0-SNAPSHOT.tar",
        })
final class ImagesCommand implements Callable<Integer> {
    @ParentCommand
    private SeckillMain main;

    @Spec
    private CommandSpec spec;

    @Option(names = "--out", paramLabel = "DIR", description = "Where the tars are written ($SECKILL_HOME/images).")
    private Path out;

    @Option(
            names = "--base",
            paramLabel = "BASE",
            description = {
                "What the images stand on: 'local', a small system made of this machine's Java and its libraries;"
                        + " NAME@sha256:DIGEST, an image in a registry; or tar://FILE, an image as a tar."
                        + " A base needs Java 17 or later on its PATH. Without this option it is what the property images.base"
                        + " of pom.xml says."
            })
    private String base;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Settings settings = main.settings();
        Progress progress = new Progress(System.out);
        Path target = out == null ? settings.home().resolve("images") : out;
        String wanted = base == null ? BuildFacts.presetBase() : base;
        Path work = Files.createTempDirectory("seckill-images");
        try (CtrlC cleanup = CtrlC.then(() -> Home.deleteTree(work))) {
            new ImageBuilder(
                            base(wanted, work, progress),
                            settings.app(),
                            BuildFacts.of(settings.root()),
                            work,
                            progress)
                    .build(target);
            return 0;
        } catch (IOException e) {
            throw new LaunchFailure("cannot write the images into %s: %s".formatted(target, e), e);
        } finally {
            Home.deleteTree(work);
        }
    }

    private BaseImage base(String wanted, Path work, Progress progress) {
        try {
            BaseImage parsed = BaseImage.parse(wanted, work, progress);
            progress.step("base: " + wanted);
            return parsed;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(),
                    "the base is '%s': %s; it must be 'local', NAME@sha256:DIGEST or tar://FILE"
                            .formatted(wanted, e.getMessage()));
        }
    }
}
