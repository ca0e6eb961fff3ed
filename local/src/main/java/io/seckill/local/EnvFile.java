package io.seckill.local;

import java.nio.file.Path;
import java.util.Map;

/** The file {@code env} of a home: the stack's addresses as assignments that a shell can source. */
final class EnvFile {
    private EnvFile() {}

    static void write(Path file, Map<String, String> variables) {
        Home.writePrivate(file, render(variables));
    }

    static String render(Map<String, String> variables) {
        StringBuilder text = new StringBuilder();
        variables.forEach((name, value) ->
                text.append(name).append('=').append(quote(value)).append('\n'));
        return text.toString();
    }

    /** Double quotes, with everything escaped that a shell would still interpret inside them. */
    static String quote(String value) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\' || c == '$' || c == '`') {
                quoted.append('\\');
            }
            quoted.append(c);
        }
        return quoted.append('"').toString();
    }
}
