package io.seckill.gateway.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.vertx.core.json.JsonObject;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The console's words: each there in both languages, with the same places to fill. */
class ConsoleTextsTest {
    private static final String FOLDER = "console/";
    private static final Pattern SAID = Pattern.compile("\\bt\\('([A-Za-z.]+)'|data-(?:text|label)=\"([A-Za-z.]+)\"");
    private static final Pattern PLACE = Pattern.compile("\\{\\w+}");

    @Test
    void shouldBeThereInBothLanguages() {
        assertEquals(texts("en").fieldNames(), texts("zh").fieldNames());
    }

    @Test
    void shouldHaveTheSamePlacesInBothLanguages() {
        JsonObject chinese = texts("zh");

        for (String key : texts("en").fieldNames()) {
            assertEquals(places(texts("en").getString(key)), places(chinese.getString(key)), key);
        }
    }

    @Test
    void shouldSayNothingThatHasNoWords() {
        Set<String> said = inScripts(SAID, match -> match.group(1) == null ? match.group(2) : match.group(1));
        said.removeAll(texts("en").fieldNames());

        assertEquals(Set.of(), said);
    }

    @Test
    void shouldNeverTakeATextForMarkup() {
        Pattern markup = Pattern.compile("innerHTML|outerHTML|insertAdjacentHTML|document\\.write|DOMParser");

        assertFalse(files().anyMatch(text -> markup.matcher(text).find()));
    }

    private static JsonObject texts(String language) {
        String file = ClassPathFolder.text(FOLDER + language + ".js");
        return new JsonObject(file.substring(file.indexOf('{')));
    }

    private static Set<String> places(String text) {
        return PLACE.matcher(text).results().map(MatchResult::group).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> inScripts(Pattern pattern, Function<MatchResult, String> found) {
        return files().flatMap(text -> pattern.matcher(text).results().map(found))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<String> files() {
        return ClassPathFolder.names("console").stream().map(name -> ClassPathFolder.text(FOLDER + name));
    }
}
