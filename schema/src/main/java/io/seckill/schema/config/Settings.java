package io.seckill.schema.config;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Reads a service's configuration from the environment and collects every error, so that an operator sees all of them
 * at once, before anything binds. A name that is set to an empty text counts as not set.
 */
public final class Settings {
    private final Function<String, String> environment;
    private final List<String> errors = new ArrayList<>();

    /** @param environment name to value, {@code System::getenv} in a process */
    public Settings(Function<String, String> environment) {
        this.environment = environment;
    }

    /** A text that may be left out. */
    public String text(String name, String otherwise) {
        String value = environment.apply(name);
        return value == null || value.isBlank() ? otherwise : value.trim();
    }

    /** A text that must be there; {@code expected} tells the operator what to put in. */
    public String required(String name, String expected) {
        String value = text(name, null);
        if (value == null) {
            errors.add(name + " is not set; expected " + expected);
            return "";
        }
        return value;
    }

    /** A text that must satisfy a form. A missing one takes {@code otherwise}, unless that is null. */
    public String matching(String name, String otherwise, Predicate<String> form, String expected) {
        String value = otherwise == null ? required(name, expected) : text(name, otherwise);
        if (!value.isEmpty() && !form.test(value)) {
            errors.add(name + "=" + value + " is not valid; expected " + expected);
        }
        return value;
    }

    /** A secret in a form: like {@link #matching}, but the value never shows in the error. */
    public String secret(String name, Predicate<String> form, String expected) {
        String value = required(name, expected);
        if (!value.isEmpty() && !form.test(value)) {
            errors.add(name + " (not shown) is not valid; expected " + expected);
        }
        return value;
    }

    /** A whole number within bounds, both included. */
    public int integer(String name, int otherwise, int min, int max) {
        String value = text(name, null);
        if (value == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(value);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // reported below, with the bounds
        }
        errors.add(name + "=" + value + " is not valid; expected a whole number from " + min + " to " + max);
        return otherwise;
    }

    /** A relation between settings that must hold. */
    public void relation(boolean holds, String expected) {
        if (!holds) {
            errors.add(expected);
        }
    }

    /**
     * The finished record, or all errors.
     *
     * @throws InvalidSettings when anything read or related before was wrong
     */
    public <T> T finish(T record) {
        if (!errors.isEmpty()) {
            throw new InvalidSettings(errors);
        }
        return record;
    }
}
