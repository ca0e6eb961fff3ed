package io.seckill.loadtest.simulation.sql;

import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Operators and functions. */
final class Functions {
    private Functions() {}

    /** Computed of all rows of a group. */
    private interface Aggregate extends Expression {
        @Override
        default boolean isAggregate() {
            return true;
        }
    }

    static Expression arithmetic(Expression left, char sign, Expression right) {
        Expression result = scope -> {
            Object a = left.value(scope);
            Object b = right.value(scope);
            if (a == null || b == null) {
                return null;
            }
            long x = Values.number(a);
            long y = Values.number(b);
            return switch (sign) {
                case '+' -> x + y;
                case '-' -> x - y;
                case '*' -> x * y;
                case '/' -> x / y;
                default -> x % y;
            };
        };
        return left.isAggregate() || right.isAggregate() ? (Aggregate) result::value : result;
    }

    static Expression shifted(Expression time, Expression amount, String unit, boolean later) {
        return scope -> {
            LocalDateTime from = (LocalDateTime) time.value(scope);
            Object by = amount.value(scope);
            if (from == null || by == null) {
                return null;
            }
            long count = later ? Values.number(by) : -Values.number(by);
            Duration step =
                    switch (unit) {
                        case "DAY" -> Duration.ofDays(count);
                        case "HOUR" -> Duration.ofHours(count);
                        case "MINUTE" -> Duration.ofMinutes(count);
                        case "SECOND" -> Duration.ofSeconds(count);
                        case "MICROSECOND" -> Duration.ofNanos(count * 1_000);
                        default -> throw new IllegalStateException("interval " + unit);
                    };
            return from.plus(step);
        };
    }

    static Expression number(Expression value) {
        Expression result = scope -> {
            Object found = value.value(scope);
            return found == null ? null : (Object) Values.number(found);
        };
        return value.isAggregate() ? (Aggregate) result::value : result;
    }

    static Expression of(ExpressionParser parser, String name, List<Expression> arguments) {
        switch (name) {
            case "UTC_TIMESTAMP", "NOW", "CURRENT_TIMESTAMP":
                return scope -> scope.session.now();
            case "COUNT":
                return (Aggregate) scope -> count(scope, arguments);
            case "SUM", "MAX", "MIN":
                return (Aggregate) scope -> fold(scope, name, arguments.get(0));
            case "COALESCE", "IFNULL":
                Expression first = scope -> {
                    for (Expression one : arguments) {
                        Object value = one.value(scope);
                        if (value != null) {
                            return value;
                        }
                    }
                    return null;
                };
                return arguments.stream().anyMatch(Expression::isAggregate) ? (Aggregate) first::value : first;
            case "GREATEST", "LEAST":
                return scope -> extreme(scope, name.equals("GREATEST"), arguments);
            case "IF":
                return scope ->
                        arguments.get(arguments.get(0).isTrue(scope) ? 1 : 2).value(scope);
            case "SUBSTRING_INDEX":
                // Up to the first of the separators, the only way it is used.
                return scope -> {
                    Object text = arguments.get(0).value(scope);
                    String separator = (String) arguments.get(1).value(scope);
                    return text == null ? null : text.toString().split(Pattern.quote(separator), 2)[0];
                };
            case "LEFT":
                return scope -> {
                    String text = String.valueOf(arguments.get(0).value(scope));
                    return text.substring(0, (int) Math.min(
                            text.length(), Values.number(arguments.get(1).value(scope))));
                };
            case "JSON_OBJECT":
                return scope -> {
                    List<String> parts = new ArrayList<>();
                    arguments.forEach(part -> parts.add(String.valueOf(part.value(scope))));
                    return parts.toString();
                };
            case "ROW_COUNT":
                return scope -> (long) scope.session.lastCount();
            default:
                throw parser.unknown();
        }
    }

    static Expression like(Expression text, Expression pattern, boolean not) {
        return scope -> {
            Object found = text.value(scope);
            if (found == null) {
                return null;
            }
            String regex = Pattern.quote(String.valueOf(pattern.value(scope)))
                    .replace("%", "\\E.*\\Q")
                    .replace("_", "\\E.\\Q");
            return Values.of(found.toString().matches(regex) != not);
        };
    }

    static Expression difference(String unit, Expression from, Expression to) {
        return scope -> {
            Duration between = Duration.between((LocalDateTime) from.value(scope), (LocalDateTime) to.value(scope));
            return switch (unit) {
                case "MICROSECOND" -> between.toNanos() / 1_000;
                case "SECOND" -> between.toSeconds();
                default -> throw new IllegalStateException("difference in " + unit);
            };
        };
    }

    private static Object extreme(Scope scope, boolean greatest, List<Expression> arguments) {
        Object best = null;
        for (Expression one : arguments) {
            Object value = one.value(scope);
            if (value == null) {
                return null;
            }
            if (best == null || (Values.compare(value, best) > 0) == greatest) {
                best = value;
            }
        }
        return best;
    }

    private static Object count(Scope scope, List<Expression> arguments) {
        long count = 0;
        for (Object[][] row : scope.group) {
            System.arraycopy(row, 0, scope.rows, 0, row.length);
            if (arguments.isEmpty() || arguments.get(0).value(scope) != null) {
                count++;
            }
        }
        return count;
    }

    private static Object fold(Scope scope, String name, Expression argument) {
        Object result = null;
        for (Object[][] row : scope.group) {
            System.arraycopy(row, 0, scope.rows, 0, row.length);
            Object value = argument.value(scope);
            if (value == null) {
                continue;
            }
            if (result == null) {
                result = value;
            } else if (name.equals("SUM")) {
                result = Values.number(result) + Values.number(value);
            } else if ((Values.compare(value, result) > 0) == name.equals("MAX")) {
                result = value;
            }
        }
        return result;
    }
}
