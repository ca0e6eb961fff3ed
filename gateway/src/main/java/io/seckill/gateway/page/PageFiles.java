package io.seckill.gateway.page;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files of a site, read once: styles, scripts and pictures bear the hash of their bytes in their names, so that a browser
 * or a CDN may keep them for ever. Where a file says {@code "./name.js"} it says the hashed name when it goes out; pages say
 * it with {@link #FOLDER}. Immutable.
 */
public final class PageFiles {
    /** Where all but the pages themselves are. */
    public static final String FOLDER = "/assets/";

    private static final Pattern REFERENCE = Pattern.compile("(?<=[\"'(])\\./([A-Za-z0-9_-]+\\.[a-z0-9]+)(?=[\"')])");
    private static final Pattern STATIC_IMPORT = Pattern.compile("(?:from|import) [\"']\\./([A-Za-z0-9_-]+\\.js)[\"']");
    private static final String PAGE = ".html";
    private static final Map<String, String> TYPES = Map.of(
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");

    private final Map<String, String> sources;
    private final Map<String, String> published = new HashMap<>();
    private final Map<String, Content> assets = new HashMap<>();

    private PageFiles(Map<String, String> sources) {
        this.sources = sources;
        for (String name : sources.keySet()) {
            if (!name.endsWith(PAGE)) {
                publish(name, List.of());
            }
        }
    }

    /**
     * Reads a folder of the class path.
     *
     * @param others files from elsewhere on the class path, by the name that they get here
     */
    public static PageFiles read(String folder, Map<String, String> others) {
        Map<String, String> sources = new TreeMap<>();
        for (String name : ClassPathFolder.names(folder)) {
            sources.put(name, ClassPathFolder.text(folder + "/" + name));
        }
        others.forEach((name, path) -> sources.put(name, ClassPathFolder.text(path)));
        return of(sources);
    }

    /** @param sources texts by their names */
    static PageFiles of(Map<String, String> sources) {
        return new PageFiles(Map.copyOf(sources));
    }

    /** A file as it was written. */
    public String source(String name) {
        String source = sources.get(name);
        if (source == null) {
            throw new IllegalStateException("there is no file " + name);
        }
        return source;
    }

    /** A page's text, which refers to hashed names. */
    public String page(String name) {
        return rewritten(name, this::url);
    }

    /** The path under which a file is served. */
    public String url(String name) {
        return FOLDER + publish(name, List.of());
    }

    /** A script and all that it imports, so that a page can ask for them at once; what is imported on demand is not among them. */
    public List<String> scripts(String name) {
        Set<String> found = new LinkedHashSet<>();
        collect(name, found);
        return found.stream().map(this::url).toList();
    }

    /** What is served as {@code FOLDER + name}, or null. */
    Content asset(String publishedName) {
        return assets.get(publishedName);
    }

    /** Everything but the pages, by the name it is served under. */
    public Map<String, Content> assets() {
        return Map.copyOf(assets);
    }

    private void collect(String name, Set<String> found) {
        if (found.add(name)) {
            STATIC_IMPORT.matcher(source(name)).results().forEach(match -> collect(match.group(1), found));
        }
    }

    // A name depends on the bytes, and these on the names that the file refers to: those come first.
    private String publish(String name, List<String> within) {
        String known = published.get(name);
        if (known != null) {
            return known;
        }
        if (within.contains(name)) {
            throw new IllegalStateException("these files refer to each other: " + within);
        }
        List<String> path = new ArrayList<>(within);
        path.add(name);
        String text = rewritten(name, reference -> "./" + publish(reference, path));
        int dot = name.lastIndexOf('.');
        String type = TYPES.get(name.substring(dot + 1));
        if (type == null) {
            throw new IllegalStateException("files like " + name + " are not served");
        }
        Content content = Content.of(type, text.getBytes(StandardCharsets.UTF_8));
        String hashed = name.substring(0, dot) + "." + content.hash() + name.substring(dot);
        published.put(name, hashed);
        assets.put(hashed, content);
        return hashed;
    }

    private String rewritten(String name, UnaryOperator<String> toPublished) {
        return REFERENCE
                .matcher(source(name))
                .replaceAll(match -> Matcher.quoteReplacement(toPublished.apply(match.group(1))));
    }
}
