package io.seckill.loadtest.simulation.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Cuts SQL into words, numbers, texts and signs. */
final class Lexer {
    enum Kind {
        WORD,
        NUMBER,
        TEXT,
        SIGN,
        END
    }

    /** @param upper the word in capitals, for keywords; otherwise as it is */
    record Token(Kind kind, String text, String upper) {}

    private Lexer() {}

    static List<Token> tokens(String sql) {
        List<Token> tokens = new ArrayList<>();
        int i = 0;
        while (i < sql.length()) {
            char c = sql.charAt(i);
            if (Character.isWhitespace(c)) {
                i++;
            } else if (c == '-' && sql.startsWith("--", i)) {
                int end = sql.indexOf('\n', i);
                i = end < 0 ? sql.length() : end;
            } else if (c == '\'') {
                StringBuilder text = new StringBuilder();
                for (i++; sql.charAt(i) != '\'' || sql.startsWith("''", i); i++) {
                    if (sql.charAt(i) == '\'') {
                        i++;
                    }
                    text.append(sql.charAt(i));
                }
                i++;
                tokens.add(new Token(Kind.TEXT, text.toString(), ""));
            } else if (Character.isDigit(c)) {
                int from = i;
                while (i < sql.length() && (Character.isDigit(sql.charAt(i)) || sql.charAt(i) == '.')) {
                    i++;
                }
                tokens.add(new Token(Kind.NUMBER, sql.substring(from, i), ""));
            } else if (Character.isLetter(c) || c == '_' || c == '`' || c == '@') {
                int from = i;
                while (i < sql.length() && isWordPart(sql.charAt(i))) {
                    i++;
                }
                String word = sql.substring(from, i).replace("`", "");
                tokens.add(new Token(Kind.WORD, word, word.toUpperCase(Locale.ROOT)));
            } else {
                String two = sql.substring(i, Math.min(i + 2, sql.length()));
                String sign = List.of("<=", ">=", "<>", "!=").contains(two) ? two : String.valueOf(c);
                tokens.add(new Token(Kind.SIGN, sign, sign));
                i += sign.length();
            }
        }
        tokens.add(new Token(Kind.END, "", ""));
        return tokens;
    }

    private static boolean isWordPart(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '`' || c == '@' || c == '$';
    }
}
