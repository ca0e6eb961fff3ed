package io.seckill.loadtest.simulation.sql;

import io.seckill.loadtest.simulation.sql.Lexer.Kind;
import io.seckill.loadtest.simulation.sql.Lexer.Token;
import io.seckill.loadtest.simulation.sql.Statement.Select;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Expressions, by their binding strength. */
abstract class ExpressionParser {
    static final Set<String> AFTER_TABLE =
            Set.of("WHERE", "JOIN", "LEFT", "INNER", "CROSS", "ON", "GROUP", "ORDER", "LIMIT", "FOR", "UNION", "SET");

    final String sql;
    final List<Token> tokens;
    int at;
    private int parameters;

    ExpressionParser(String sql) {
        this.sql = sql;
        this.tokens = Lexer.tokens(sql);
    }

    abstract Select select();

    Token peek() {
        return tokens.get(at);
    }

    Token next() {
        return tokens.get(at++);
    }

    boolean accept(String word) {
        boolean there = peek().kind() != Kind.TEXT && peek().upper().equals(word);
        if (there) {
            at++;
        }
        return there;
    }

    void expect(String word) {
        if (!accept(word)) {
            throw unknown();
        }
    }

    String word() {
        Token token = next();
        if (token.kind() != Kind.WORD) {
            at--;
            throw unknown();
        }
        return token.text();
    }

    IllegalStateException unknown() {
        return new IllegalStateException("the simulated MySQL does not know what to make of `" + peek().text()
                + "` (word " + at + ") in: " + sql);
    }

    List<Expression> list() {
        List<Expression> all = new ArrayList<>();
        do {
            all.add(expression());
        } while (accept(","));
        return all;
    }

    Expression expression() {
        Expression left = and();
        while (accept("OR")) {
            Expression one = left;
            Expression other = and();
            left = scope -> Values.of(one.isTrue(scope) || other.isTrue(scope));
        }
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (accept("AND")) {
            Expression one = left;
            Expression other = not();
            left = scope -> Values.of(one.isTrue(scope) && other.isTrue(scope));
        }
        return left;
    }

    private Expression not() {
        if (accept("NOT")) {
            Expression negated = not();
            return scope -> {
                Object value = negated.value(scope);
                return value == null ? null : Values.of(!Values.isTrue(value));
            };
        }
        return comparison();
    }

    private Expression comparison() {
        Expression left = sum();
        if (accept("IS")) {
            boolean not = accept("NOT");
            expect("NULL");
            return scope -> Values.of((left.value(scope) == null) != not);
        }
        boolean not = accept("NOT");
        if (accept("IN")) {
            return in(left, not);
        } else if (accept("LIKE")) {
            return Functions.like(left, sum(), not);
        } else if (accept("BETWEEN")) {
            Expression low = sum();
            expect("AND");
            Expression high = sum();
            return scope -> {
                Object value = left.value(scope);
                Object from = low.value(scope);
                Object to = high.value(scope);
                if (value == null || from == null || to == null) {
                    return null;
                }
                return Values.of((Values.compare(value, from) >= 0 && Values.compare(value, to) <= 0) != not);
            };
        } else if (not) {
            throw unknown();
        }
        String sign = peek().kind() == Kind.SIGN ? peek().text() : "";
        switch (sign) {
            case "=", "<>", "!=", "<", ">", "<=", ">=":
                at++;
                return compared(left, sign, sum());
            default:
                return left;
        }
    }

    private static Expression compared(Expression left, String sign, Expression right) {
        return scope -> {
            Object a = left.value(scope);
            Object b = right.value(scope);
            if (a == null || b == null) {
                return null;
            }
            return Values.of(
                    switch (sign) {
                        case "=" -> Values.same(a, b);
                        case "<>", "!=" -> !Values.same(a, b);
                        case "<" -> Values.compare(a, b) < 0;
                        case ">" -> Values.compare(a, b) > 0;
                        case "<=" -> Values.compare(a, b) <= 0;
                        default -> Values.compare(a, b) >= 0;
                    });
        };
    }

    private Expression in(Expression left, boolean not) {
        expect("(");
        if (accept("SELECT")) {
            Select select = select();
            expect(")");
            return scope -> {
                Object value = left.value(scope);
                boolean found = scope.session.select(select, scope.parameters, scope).rows().stream()
                        .anyMatch(row -> Values.same(row[0], value));
                return Values.of(found != not);
            };
        }
        List<Expression> all = list();
        expect(")");
        return scope -> {
            Object value = left.value(scope);
            if (value == null) {
                return null;
            }
            for (Expression one : all) {
                if (Values.same(one.value(scope), value)) {
                    return Values.of(!not);
                }
            }
            return Values.of(not);
        };
    }

    private Expression sum() {
        Expression left = product();
        while (true) {
            boolean plus = accept("+");
            if (!plus && !accept("-")) {
                return left;
            }
            Expression one = left;
            if (accept("INTERVAL")) {
                Expression amount = product();
                String unit = word().toUpperCase(Locale.ROOT);
                left = Functions.shifted(one, amount, unit, plus);
            } else {
                left = Functions.arithmetic(one, plus ? '+' : '-', product());
            }
        }
    }

    private Expression product() {
        Expression left = primary();
        while (true) {
            char sign = accept("*") ? '*' : accept("/") || accept("DIV") ? '/' : accept("%") ? '%' : 0;
            if (sign == 0) {
                return left;
            }
            left = Functions.arithmetic(left, sign, primary());
        }
    }

    private Expression primary() {
        Token token = next();
        switch (token.kind()) {
            case TEXT:
                return scope -> token.text();
            case NUMBER:
                Long number = Long.valueOf(token.text().split("\\.", 2)[0]);
                return scope -> number;
            case SIGN:
                return sign(token.text());
            case WORD:
                return word(token);
            default:
                at--;
                throw unknown();
        }
    }

    private Expression sign(String sign) {
        switch (sign) {
            case "?":
                int position = parameters++;
                return scope -> Values.normal(scope.parameters[position]);
            case "-":
                return Functions.arithmetic(scope -> 0L, '-', primary());
            case "(":
                Expression inner = accept("SELECT") ? scalar() : expression();
                expect(")");
                return inner;
            default:
                at--;
                throw unknown();
        }
    }

    private Expression scalar() {
        Select select = select();
        return scope -> {
            List<Object[]> rows =
                    scope.session.select(select, scope.parameters, scope).rows();
            return rows.isEmpty() ? null : rows.get(0)[0];
        };
    }

    private Expression word(Token token) {
        switch (token.upper()) {
            case "NULL":
                return scope -> null;
            case "TRUE", "FALSE":
                return scope -> Values.of(token.upper().equals("TRUE"));
            case "CASE":
                return choice();
            case "EXISTS":
                expect("(");
                expect("SELECT");
                Select select = select();
                expect(")");
                return scope -> Values.of(!scope.session
                        .select(select, scope.parameters, scope)
                        .rows()
                        .isEmpty());
            case "CAST":
                expect("(");
                Expression value = expression();
                expect("AS");
                while (!accept(")")) {
                    next();
                }
                return Functions.number(value);
            default:
                break;
        }
        if (accept("(")) {
            return call(token);
        }
        if (accept(".")) {
            String name = word();
            return scope -> scope.column(token.text(), name);
        }
        return scope -> scope.column(null, token.text());
    }

    private Expression call(Token name) {
        if (accept("*")) {
            expect(")");
            return Functions.of(this, name.upper(), List.of());
        }
        if (name.upper().equals("VALUES")) {
            String column = word();
            expect(")");
            return scope -> scope.column(Session.GIVEN, column);
        }
        if (name.upper().equals("TIMESTAMPDIFF")) {
            String unit = word().toUpperCase(Locale.ROOT);
            expect(",");
            Expression from = expression();
            expect(",");
            Expression to = expression();
            expect(")");
            return Functions.difference(unit, from, to);
        }
        List<Expression> arguments = accept(")") ? List.of() : list();
        if (!arguments.isEmpty()) {
            expect(")");
        }
        return Functions.of(this, name.upper(), arguments);
    }

    private Expression choice() {
        List<Expression> conditions = new ArrayList<>();
        List<Expression> results = new ArrayList<>();
        while (accept("WHEN")) {
            conditions.add(expression());
            expect("THEN");
            results.add(expression());
        }
        Expression otherwise = accept("ELSE") ? expression() : scope -> null;
        expect("END");
        return scope -> {
            for (int i = 0; i < conditions.size(); i++) {
                if (conditions.get(i).isTrue(scope)) {
                    return results.get(i).value(scope);
                }
            }
            return otherwise.value(scope);
        };
    }
}
