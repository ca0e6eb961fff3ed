package io.seckill.loadtest.gatling;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * One line of the plan: who comes when, and what for. Lines are in the order of their times, fields apart by tabs:
 * {@code offsetMicros act saleId authorization}.
 *
 * @param number of the line, from 0
 * @param offsetMicros from the start of the run to the intended moment
 */
record Visit(int number, long offsetMicros, Act act, String saleId, String authorization) {

    /** What a visitor does. */
    enum Act {
        /** Buys at once. */
        BUY,
        /** Looks at the sale and leaves. */
        LOOK,
        /** Looks, thinks, buys, and looks after the order until it is stored. */
        SHOP
    }

    static List<Visit> read(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file, StandardCharsets.US_ASCII)) {
            int[] number = {0};
            return lines.map(line -> of(number[0]++, line)).toList();
        }
    }

    private static Visit of(int number, String line) {
        String[] fields = line.split("\t", -1);
        return new Visit(
                number,
                Long.parseLong(fields[0]),
                Act.valueOf(fields[1].toUpperCase(Locale.ROOT)),
                fields[2],
                fields[3]);
    }
}
