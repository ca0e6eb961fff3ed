package io.seckill.local;

import io.seckill.schema.testing.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * An image's entrypoint at work, with what a container engine would give it and no more: the image's files, read only, an
 * empty /tmp, /proc and /dev, the names of hosts, the image's user and environment. The network is the machine's.
 */
final class Contained implements AutoCloseable {
    private static final int LIMIT_SECONDS = 60;
    /** Its mounts are gone with it: they are in a mount namespace of its own. */
    private static final String ENTER = """
            path=$PATH
            PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
            root=$1
            shift
            mount --bind "$root" "$root"
            mount --rbind /proc "$root/proc"
            mount --rbind /dev "$root/dev"
            mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
            mount -o remount,ro,bind "$root"
            chroot=$(command -v chroot)
            PATH=$path
            exec "$chroot" "$@"
            """;

    private final Process process;
    private final Path output;

    private Contained(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Whether this machine lets us: it takes root, and the right to mount. */
    static boolean possible() {
        return Executables.run(
                        List.of(
                                "unshare",
                                "-m",
                                "sh",
                                "-ec",
                                "mount -t tmpfs tmpfs /tmp && chroot --userspec=1:1 / true"),
                        Map.of("PATH", Executables.searchPath()),
                        LIMIT_SECONDS)
                .ok();
    }

    static Contained start(UnpackedImage image, Map<String, String> more) throws IOException {
        // An engine puts them where an image has none.
        for (String place : List.of("proc", "dev")) {
            Files.createDirectories(image.root().resolve(place));
        }
        for (String file : List.of("etc/resolv.conf", "etc/hosts")) {
            Files.copy(Path.of("/", file), image.root().resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        List<String> command = new ArrayList<>(List.of("unshare", "-m", "/bin/sh", "-ec", ENTER, "enter"));
        command.addAll(List.of(
                image.root().toString(),
                "--userspec=" + image.run().getString("User"),
                image.root().toString()));
        command.addAll(image.entrypoint());
        Path output = Files.createTempFile("contained", ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.putAll(image.environment());
        environment.putAll(more);
        return new Contained(builder.start(), output);
    }

    /** The exit code, once it has ended by itself. */
    int exitCode() throws InterruptedException, IOException {
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("no end after " + LIMIT_SECONDS + " s: " + output());
        }
        return process.exitValue();
    }

    void awaitThat(String what, BooleanSupplier condition) throws IOException {
        Await.until(what, () -> condition.getAsBoolean() || !process.isAlive());
        if (!process.isAlive()) {
            throw new AssertionError("it ended: " + output());
        }
    }

    /** All files that are mapped into its memory. */
    String mapped() throws IOException {
        return Files.readString(Path.of("/proc", Long.toString(process.pid()), "maps"));
    }

    String output() throws IOException {
        return Files.readString(output, StandardCharsets.UTF_8);
    }

    /** Asks it to end, as an engine does. */
    void terminate() {
        process.destroy();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly().onExit().join();
        Files.delete(output);
    }
}
