package io.seckill.local;

import java.util.OptionalLong;

/**
 * One line of {@code ./seckill status}.
 *
 * @param pid absent for a process that is dead and for a server that is not ours
 */
public record ProcessStatus(String name, OptionalLong pid, String address, State state) {
    /** What a process of the stack can be. */
    public enum State {
        READY("ready"),
        NOT_READY("not ready"),
        DEAD("dead");

        private final String text;

        State(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    String line() {
        String shown = pid.isPresent() ? Long.toString(pid.getAsLong()) : "-";
        return "%-12s %8s  %-30s %s".formatted(name, shown, address, state);
    }
}
