package io.seckill.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Programs from the packages of the Debian that we are on: downloaded by apt-get with lists, cache and state of its own,
 * and unpacked into a folder. Needs no root and leaves the system as it was. What was interrupted goes on where it
 * stopped: whole downloads are kept, and a tree counts only when it bears its mark.
 */
public final class DebianPackages {
    private static final String MARK = ".ok";
    private static final long LIMIT_SECONDS = 600;
    private static final Path SYSTEM_STATUS = Path.of("/var/lib/dpkg/status");
    private static final Path SYSTEM_PARTS = Path.of("/etc/apt/apt.conf.d");
    /** Serve an installation, or are the system's own and must match it. */
    private static final Pattern NOT_NEEDED = Pattern.compile(
            "(adduser|cron|init-system-helpers|iproute2|libc6|libc-bin|libpython|logrotate|lsb-base|lsof|media-types|passwd|perl|libperl|procps|psmisc|python3|rsync|systemd|sysvinit).*");

    private final Path folder;
    private final Path work;
    private final Progress progress;

    public DebianPackages(Path folder, Progress progress) {
        this.folder = folder;
        this.work = folder.resolve("fetch");
        this.progress = progress;
    }

    /** Whether a folder holds a bundle, and all of it. */
    public static boolean complete(Path tree) {
        return Files.exists(tree.resolve(MARK));
    }

    /**
     * Brings a complete tree for each of these bundles, one folder a bundle.
     *
     * @param reasons why it is needed, as far as known; for the message of the {@link LaunchFailure} when it cannot be
     */
    public void fetch(List<Bundle> bundles, List<String> reasons) {
        for (String tool : List.of("apt-get", "dpkg")) {
            if (Executables.find(tool).isEmpty()) {
                throw Provision.impossible(bundles, reasons, "no " + tool + " to fetch packages with");
            }
        }
        try (HomeLock lock = HomeLock.take(
                folder.resolve("lock"), () -> progress.step("waiting for another launcher that fetches packages"))) {
            List<Bundle> missing = bundles.stream()
                    .filter(bundle -> !complete(folder.resolve(bundle.name())))
                    .toList();
            if (missing.isEmpty()) {
                return;
            }
            progress.step("fetching packages for %s (about %d MB, once)"
                    .formatted(
                            String.join(", ", missing.stream().map(Bundle::name).toList()),
                            missing.stream().mapToInt(Bundle::megabytes).sum()));
            prepare(missing);
            apt(missing, reasons, List.of("update"));
            for (Bundle bundle : missing) {
                Path archives = work.resolve("archives-" + bundle.name());
                List<String> install = new ArrayList<>(List.of(
                        "-o", "Dir::Cache::archives=" + archives, "-y", "--no-install-recommends", "--download-only"));
                install.add("install");
                install.addAll(bundle.packages());
                apt(missing, reasons, install);
                unpack(bundle, archives, reasons);
            }
            Home.deleteTree(work);
            progress.step("packages unpacked into " + folder);
        } catch (IOException e) {
            throw Provision.impossible(bundles, reasons, "cannot write in %s: %s".formatted(folder, e));
        }
    }

    private void prepare(List<Bundle> bundles) throws IOException {
        for (Bundle bundle : bundles) {
            Files.createDirectories(work.resolve("archives-" + bundle.name()).resolve("partial"));
        }
        Files.createDirectories(work.resolve("lists/partial"));
        Path parts = work.resolve("parts");
        Home.deleteTree(parts);
        Files.createDirectories(parts);
        copyParts(parts);
        Files.writeString(parts.resolve("zz-seckill"), ownPart());
        Files.writeString(work.resolve("apt.conf"), "Dir::Etc::Parts \"" + parts + "\";\n");
        String status = Files.exists(SYSTEM_STATUS) ? Files.readString(SYSTEM_STATUS, StandardCharsets.UTF_8) : "";
        for (Bundle bundle : bundles) {
            status = DpkgStatus.without(status, bundle.family());
        }
        Files.writeString(work.resolve("status"), status);
    }

    /** The system's own settings, proxies for example, as far as we may read them. */
    private static void copyParts(Path target) throws IOException {
        if (!Files.isDirectory(SYSTEM_PARTS)) {
            return;
        }
        try (Stream<Path> parts = Files.list(SYSTEM_PARTS)) {
            for (Path part :
                    parts.filter(Files::isReadable).filter(Files::isRegularFile).toList()) {
                Files.copy(part, target.resolve(part.getFileName().toString()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /** Read last of the parts: our own places, and none of the system's hooks, which would clean its cache. */
    private String ownPart() {
        return """
                #clear APT::Update::Pre-Invoke;
                #clear APT::Update::Post-Invoke;
                #clear APT::Update::Post-Invoke-Success;
                #clear DPkg::Pre-Invoke;
                #clear DPkg::Pre-Install-Pkgs;
                #clear DPkg::Post-Invoke;
                Dir::State::lists "%1$s/lists";
                Dir::State::status "%1$s/status";
                Dir::Cache "%1$s/cache";
                Dir::Cache::pkgcache "";
                Dir::Cache::srcpkgcache "";
                Dir::Log "%1$s/log";
                APT::Sandbox::User "root";
                APT::Keep-Downloaded-Packages "true";
                Acquire::Languages "none";
                Acquire::Retries "3";
                Debug::NoLocking "true";
                """.formatted(work);
    }

    private void apt(List<Bundle> missing, List<String> reasons, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("apt-get", "-q"));
        command.addAll(arguments);
        Map<String, String> environment = new TreeMap<>(System.getenv());
        environment.put("PATH", Executables.searchPath());
        environment.put("APT_CONFIG", work.resolve("apt.conf").toString());
        environment.put("DEBIAN_FRONTEND", "noninteractive");
        environment.put("LC_ALL", "C");
        Executables.Outcome outcome = Executables.run(command, environment, LIMIT_SECONDS);
        // An update that reaches nothing warns and exits with 0; why shows in what cannot be found afterwards.
        outcome.output()
                .lines()
                .filter(line -> line.contains("Failed to fetch"))
                .findFirst()
                .ifPresent(line -> reasons.add(line.trim()));
        if (!outcome.ok()) {
            throw Provision.impossible(missing, reasons, "apt-get: " + outcome.lastLine());
        }
    }

    private void unpack(Bundle bundle, Path archives, List<String> reasons) throws IOException {
        Path fresh = work.resolve("tree-" + bundle.name());
        Path tree = folder.resolve(bundle.name());
        Home.deleteTree(fresh);
        Files.createDirectories(fresh);
        Map<String, String> environment = Map.of("PATH", Executables.searchPath(), "LC_ALL", "C.UTF-8");
        try (Stream<Path> files = Files.list(archives)) {
            for (Path archive : files.filter(DebianPackages::needed).sorted().toList()) {
                Executables.Outcome outcome = Executables.run(
                        List.of("dpkg", "-x", archive.toString(), fresh.toString()), environment, LIMIT_SECONDS);
                if (!outcome.ok()) {
                    throw Provision.impossible(List.of(bundle), reasons, "dpkg -x: " + outcome.lastLine());
                }
            }
        }
        Files.createFile(fresh.resolve(MARK));
        Home.deleteTree(tree);
        Files.move(fresh, tree, StandardCopyOption.ATOMIC_MOVE);
    }

    private static boolean needed(Path archive) {
        String name = archive.getFileName().toString();
        return name.endsWith(".deb") && !NOT_NEEDED.matcher(name).matches();
    }
}
