package io.seckill.loadtest.mutants;

import io.seckill.loadtest.mutants.Mutant.Change;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Compiles a mutant into a folder that goes before the product on a class path: the mutated files, and with them all of their
 * modules, since constants of theirs are copied into other classes.
 */
final class MutantBuild {
    private static final String JAVA = "src/main/java/";
    private static final String RESOURCES = "src/main/resources/";

    private final Path repository;
    private final String classPath;

    MutantBuild(Path repository, String classPath) {
        this.repository = repository;
        this.classPath = classPath;
    }

    /** The sources of the files that it changes, changed. */
    Map<String, String> sources(Mutant mutant) throws IOException {
        Map<String, String> sources = new LinkedHashMap<>();
        for (Change change : mutant.changes()) {
            String before = sources.get(change.file());
            sources.put(
                    change.file(),
                    change.applyTo(before == null ? Files.readString(repository.resolve(change.file())) : before));
        }
        return sources;
    }

    /** @return the folder of classes and resources, below {@code into} */
    Path build(Mutant mutant, Path into) throws IOException {
        Path classes = Files.createDirectories(into.resolve("classes"));
        Map<Path, Path> java = new LinkedHashMap<>();
        for (Map.Entry<String, String> source : sources(mutant).entrySet()) {
            String file = source.getKey();
            boolean isJava = file.contains(JAVA);
            Path target = isJava
                    ? into.resolve(file)
                    : classes.resolve(file.substring(file.indexOf(RESOURCES) + RESOURCES.length()));
            Files.createDirectories(target.getParent());
            Files.writeString(target, source.getValue());
            if (isJava) {
                wholeModule(file).forEach(other -> java.putIfAbsent(other, other));
                java.put(repository.resolve(file), target);
            }
        }
        if (!java.isEmpty()) {
            compile(mutant, java.values(), classes);
        }
        return classes;
    }

    private List<Path> wholeModule(String file) throws IOException {
        Path sources = repository.resolve(file.substring(0, file.indexOf(JAVA) + JAVA.length()));
        try (Stream<Path> files = Files.walk(sources)) {
            return files.filter(path -> path.toString().endsWith(".java")).toList();
        }
    }

    private void compile(Mutant mutant, Collection<Path> java, Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new IllegalStateException("a JDK is needed, this is a JRE");
        }
        List<String> options =
                List.of("-proc:none", "-nowarn", "-parameters", "-cp", classPath, "-d", classes.toString());
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            if (!compiler.getTask(said, files, null, options, null, files.getJavaFileObjectsFromPaths(java))
                    .call()) {
                throw new IllegalStateException("mutant " + mutant.name() + " does not compile:\n" + said);
            }
        }
    }
}
