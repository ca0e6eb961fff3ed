package io.seckill.schema.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
    private final Map<String, String> environment = new HashMap<>();
    private final Settings settings = new Settings(environment::get);

    @Test
    void shouldTakeWhatIsBlankAsNotSetAndTrimTheRest() {
        environment.put("BLANK", " ");
        environment.put("PORT", " 80 ");

        assertEquals("other", settings.text("BLANK", "other"));
        assertNull(settings.text("ABSENT", null));
        assertEquals(7, settings.integer("BLANK", 7, 1, 10));
        assertEquals(80, settings.integer("PORT", 7, 1, 100));
        assertEquals("done", settings.finish("done"));
    }

    @Test
    void shouldIncludeBothBounds() {
        environment.putAll(Map.of("LOW", "1", "HIGH", "9", "UNDER", "0", "OVER", "10"));

        assertEquals(1, settings.integer("LOW", 5, 1, 9));
        assertEquals(9, settings.integer("HIGH", 5, 1, 9));
        assertEquals(5, settings.integer("UNDER", 5, 1, 9));
        assertEquals(5, settings.integer("OVER", 5, 1, 9));
        assertEquals(
                List.of(
                        "UNDER=0 is not valid; expected a whole number from 1 to 9",
                        "OVER=10 is not valid; expected a whole number from 1 to 9"),
                errors());
    }

    @Test
    void shouldReportAllErrorsAtOnce() {
        environment.putAll(Map.of("NUMBER", "1.5", "BIG", "99999999999", "FORM", "x", "KEY", "hush"));

        settings.required("NAME", "a name");
        settings.integer("NUMBER", 1, 0, 5);
        settings.integer("BIG", 1, 0, 5);
        settings.matching("FORM", "y", "y"::equals, "y");
        settings.matching("ABSENT", null, "y"::equals, "y, and no default");
        settings.matching("DEFAULTED", "y", "y"::equals, "y");
        settings.secret("KEY", "y"::equals, "a key");
        settings.secret("NO_KEY", "y"::equals, "another key");
        settings.relation(true, "one holds");
        settings.relation(false, "A must be less than B");

        List<String> expected = List.of(
                "NAME is not set; expected a name",
                "NUMBER=1.5 is not valid; expected a whole number from 0 to 5",
                "BIG=99999999999 is not valid; expected a whole number from 0 to 5",
                "FORM=x is not valid; expected y",
                "ABSENT is not set; expected y, and no default",
                "KEY (not shown) is not valid; expected a key",
                "NO_KEY is not set; expected another key",
                "A must be less than B");
        InvalidSettings problem = assertThrows(InvalidSettings.class, () -> settings.finish("never"));
        assertEquals(expected, problem.errors());
        assertEquals("8 settings are wrong:\n  " + String.join("\n  ", expected), problem.getMessage());
        assertFalse(problem.toString().contains("hush"));
    }

    @Test
    void shouldCountASingleError() {
        settings.required("NAME", "a name");
        assertTrue(assertThrows(InvalidSettings.class, () -> settings.finish("never"))
                .getMessage()
                .startsWith("1 setting is wrong:\n"));
    }

    private List<String> errors() {
        return assertThrows(InvalidSettings.class, () -> settings.finish("never"))
                .errors();
    }
}
