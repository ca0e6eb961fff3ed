package io.seckill.loadtest.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnswerFileTest {
    @TempDir
    private Path folder;

    private final List<Object> read = new ArrayList<>();
    private final AnswerFile.Reader reader = new AnswerFile.Reader() {
        @Override
        public void started(long epochMillis) {
            read.add(epochMillis);
        }

        @Override
        public void sent(long elapsedMicros, long requests) {
            read.add(requests);
        }

        @Override
        public void answered(Answer answer) {
            read.add(answer);
        }
    };

    @Test
    void shouldReadWhatIsWholeAndTheRestLater() throws IOException {
        Path file = folder.resolve("answers.tsv");
        AnswerFile answers = new AnswerFile(file, reader);
        answers.read();
        assertEquals(List.of(), read);

        Files.writeString(file, "start\t1700\nsent\t200\t3\nbuy\t1\t50\t0\t1000\t409\t0\t{\"co");
        answers.read();
        assertEquals(List.of(1_700L, 3L), read);

        Files.writeString(file, "de\":\"sold_out\"}\n", StandardOpenOption.APPEND);
        answers.read();
        answers.close();
        assertEquals(
                new Answer(Answer.Request.BUY, 1, 50, 0, 1_000, 409, false, "{\"code\":\"sold_out\"}"), read.get(2));
    }

    @Test
    void shouldSortAnswersByWhatCameOfThem() {
        assertEquals(Answer.Outcome.ACCEPTED, buy("202\t0\t{\"id\":\"o1\"}").outcome());
        assertEquals(Answer.Outcome.REPLAYED, buy("202\t1\t{\"id\":\"o1\"}").outcome());
        assertEquals(
                Answer.Outcome.REFUSED, buy("409\t0\t{\"code\":\"sold_out\"}").outcome());
        assertEquals("sold_out", buy("409\t0\t{\"code\":\"sold_out\"}").detail());
        assertEquals(
                Answer.Outcome.REFUSED, buy("503\t0\t{\"code\":\"overloaded\"}").outcome());
        assertEquals(
                Answer.Outcome.UNKNOWN,
                buy("503\t0\t{\"code\":\"outcome_unknown\"}").outcome());
        assertEquals(Answer.Outcome.ERROR, buy("500\t0\t").outcome());
        assertEquals(Answer.Outcome.ERROR, buy("0\t0\t").outcome());
        assertEquals("no answer", buy("0\t0\t").detail());
        assertEquals(
                Answer.Outcome.SHOWN, Answer.of("look\t1\t0\t0\t9\t200\t0\t{}").outcome());
        assertThrows(IllegalArgumentException.class, () -> Answer.of("buy\t1"));
    }

    private static Answer buy(String rest) {
        return Answer.of("buy\t1\t0\t0\t9\t" + rest);
    }
}
