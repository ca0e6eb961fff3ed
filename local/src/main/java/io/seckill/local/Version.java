package io.seckill.local;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server's version, as far as it decides whether we can use the server. */
record Version(int major, int minor) implements Comparable<Version> {
    private static final Pattern NUMBER = Pattern.compile("(\\d+)\\.(\\d+)");
    private static final Comparator<Version> ORDER =
            Comparator.comparingInt(Version::major).thenComparingInt(Version::minor);

    /** The first version in a text such as {@code Redis server v=7.0.15 sha=00000000:0}. */
    static Optional<Version> in(String text) {
        Matcher matcher = NUMBER.matcher(text);
        return matcher.find()
                ? Optional.of(new Version(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))))
                : Optional.empty();
    }

    boolean atLeast(Version other) {
        return compareTo(other) >= 0;
    }

    @Override
    public int compareTo(Version other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
