package io.seckill.gateway.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PageFilesTest {
    private final Map<String, String> sources = new HashMap<>(Map.of(
            "a.js", "import { b } from './b.js';\nconst later = () => import('./c.js');",
            "b.js", "export const b = 1;",
            "c.js", "import './b.js';",
            "look.css", "@import url(./dark.css);",
            "dark.css", "body{}",
            "index.html", "<script src=\"./a.js\"></script><p>./a.js is a file</p>"));

    @Test
    void shouldNameFilesByTheirBytesAndThoseThatTheyReferTo() {
        PageFiles before = PageFiles.of(sources);
        sources.put("b.js", "export const b = 2;");
        PageFiles after = PageFiles.of(sources);

        assertTrue(before.url("b.js").matches("/assets/b\\.[0-9a-f]{16}\\.js"), before.url("b.js"));
        assertNotEquals(before.url("b.js"), after.url("b.js"));
        assertNotEquals(before.url("a.js"), after.url("a.js"), "it imports another b");
        assertEquals(before.url("dark.css"), after.url("dark.css"));
    }

    @Test
    void shouldReferToHashedNames() {
        PageFiles files = PageFiles.of(sources);

        String b = files.url("b.js").substring(PageFiles.FOLDER.length());
        String c = files.url("c.js").substring(PageFiles.FOLDER.length());
        assertEquals(
                "import { b } from './" + b + "';\nconst later = () => import('./" + c + "');", served(files, "a.js"));
        assertEquals(
                "@import url(./" + files.url("dark.css").substring(PageFiles.FOLDER.length()) + ");",
                served(files, "look.css"));
        assertEquals(
                "<script src=\"" + files.url("a.js") + "\"></script><p>./a.js is a file</p>", files.page("index.html"));
    }

    @Test
    void shouldKnowWhatAScriptImportsAtOnce() {
        PageFiles files = PageFiles.of(sources);

        assertEquals(List.of(files.url("a.js"), files.url("b.js")), files.scripts("a.js"));
    }

    @Test
    void shouldRefuseWhatCannotBeServed() {
        sources.put("b.js", "import './missing.js';");
        assertThrows(IllegalStateException.class, () -> PageFiles.of(sources));
        sources.put("b.js", "import './c.js';");
        assertThrows(IllegalStateException.class, () -> PageFiles.of(sources), "b and c refer to each other");
        sources.put("b.js", "");
        sources.put("notes.txt", "");
        assertThrows(IllegalStateException.class, () -> PageFiles.of(sources));
    }

    private static String served(PageFiles files, String name) {
        return files.asset(files.url(name).substring(PageFiles.FOLDER.length()))
                .plain()
                .toString();
    }
}
