package io.seckill.gateway.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** Text files of the class path, be they in a folder or in a jar. Blocks: for the start of a process. */
final class ClassPathFolder {
    private ClassPathFolder() {}

    /** The names of the files in a folder. */
    static List<String> names(String folder) {
        try {
            URL url = resource(folder);
            return url.openConnection() instanceof JarURLConnection inJar
                    ? listJar(Path.of(inJar.getJarFileURL().toURI()), folder + "/")
                    : list(Path.of(url.toURI()));
        } catch (URISyntaxException | IOException e) {
            throw new IllegalStateException("cannot list " + folder + " of the class path", e);
        }
    }

    static String text(String path) {
        try (InputStream in = resource(path).openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path + " of the class path", e);
        }
    }

    private static URL resource(String path) {
        URL url = ClassPathFolder.class.getClassLoader().getResource(path);
        if (url == null) {
            throw new IllegalStateException("the class path has no " + path);
        }
        return url;
    }

    /** Not as a file system: that is a module of its own, which a small runtime may lack. */
    private static List<String> listJar(Path path, String folder) throws IOException {
        try (JarFile jar = new JarFile(path.toFile())) {
            return jar.stream()
                    .map(JarEntry::getName)
                    .filter(name -> name.startsWith(folder) && name.length() > folder.length())
                    .map(name -> name.substring(folder.length()))
                    .filter(name -> !name.contains("/"))
                    .sorted()
                    .toList();
        }
    }

    private static List<String> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }
}
