package io.seckill.local;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * One process to start. {@link Supervisor} starts it.
 *
 * @param mark an argument that no process but this one has on its command line
 * @param environment all of the environment; nothing is inherited
 */
record Launch(
        String name, String mark, List<String> command, Map<String, String> environment, Path directory, Path log) {

    /** Without the environment, which has secrets in it. */
    @Override
    public String toString() {
        return "Launch[%s, %s]".formatted(name, command);
    }
}
