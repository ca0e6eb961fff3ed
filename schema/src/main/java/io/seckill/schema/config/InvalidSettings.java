package io.seckill.schema.config;

import java.util.List;

/** All that is wrong with a service's configuration. A main prints it and exits with 2. */
public final class InvalidSettings extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // an immutable list, never serialized
    private final List<String> errors;

    InvalidSettings(List<String> errors) {
        super(errors.size() + (errors.size() == 1 ? " setting is" : " settings are") + " wrong:\n  "
                + String.join("\n  ", errors));
        this.errors = List.copyOf(errors);
    }

    public List<String> errors() {
        return errors;
    }
}
