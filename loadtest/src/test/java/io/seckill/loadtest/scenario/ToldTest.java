package io.seckill.loadtest.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.seckill.loadtest.ClientHistory;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ToldTest {
    private static final List<String> USERS = List.of("ann", "bob", "cy", "dora", "eve");
    private static final List<Schedule.Visit> VISITS = List.of(
            visit(Schedule.Act.BUY, 0, 0),
            visit(Schedule.Act.BUY, 0, 0),
            visit(Schedule.Act.BUY, 0, 1),
            visit(Schedule.Act.SHOP, 0, 2),
            visit(Schedule.Act.LOOK, 0, 3),
            visit(Schedule.Act.BUY, 1, 4));

    private final Told told = new Told(VISITS);

    private static Schedule.Visit visit(Schedule.Act act, int sale, int user) {
        return new Schedule.Visit(0, act, sale, user);
    }

    private void told(int visit, int status, String body) {
        told.add(new Answer(Answer.Request.BUY, visit, 0, 0, 0, status, false, body));
    }

    @Test
    void shouldTellWhatTheAuditorHoldsTheSystemTo() {
        told(0, 202, "{\"id\":\"o1\"}");
        told(1, 202, "{\"id\":\"o1\"}");
        told(2, 503, "{\"code\":\"overloaded\"}");
        told(2, 409, "{\"code\":\"sold_out\"}");
        told(5, 202, "{\"id\":\"o5\"}");

        assertEquals(
                new ClientHistory(Map.of("ann", Set.of("o1")), Set.of("bob"), Set.of("cy")), told.history(0, USERS));
        assertEquals(new ClientHistory(Map.of("eve", Set.of("o5")), Set.of(), Set.of()), told.history(1, USERS));
        assertEquals(2, told.accepted());
        // Cy never got to buying, as far as is written down.
        assertEquals(1, told.unknown());
    }

    @Test
    void shouldDoubtWhoWasNotAnswered() {
        told(0, 202, "{\"id\":\"o1\"}");
        told(1, 0, "");
        told(2, 503, "{\"code\":\"outcome_unknown\"}");
        told(3, 500, "");
        told(3, 409, "{\"code\":\"sold_out\"}");

        ClientHistory history = told.history(0, USERS);
        assertEquals(Set.of("ann", "bob", "cy"), history.inDoubt());
        assertEquals(Set.of(), history.refused());
        assertEquals(Set.of("ann"), history.accepted().keySet());
    }

    @Test
    void shouldKeepTwoIdsOfOneBuyerAsEvidence() {
        told(0, 202, "{\"id\":\"o1\"}");
        told(1, 202, "{\"id\":\"o2\"}");

        assertEquals(Map.of("ann", Set.of("o1", "o2")), told.history(0, USERS).accepted());
        assertEquals(1, told.accepted());
    }
}
