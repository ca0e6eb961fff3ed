package io.seckill.gateway.order;

import io.seckill.gateway.http.Problem;

/**
 * What a shopper's wish about an order came to: the order as it is now, or why not.
 *
 * @param order null if there is a problem
 * @param problem null if there is none
 */
public record OrderAnswer(OrderJson order, Problem problem) {
    public static OrderAnswer is(OrderJson order) {
        return new OrderAnswer(order, null);
    }

    public static OrderAnswer not(Problem problem) {
        return new OrderAnswer(null, problem);
    }
}
