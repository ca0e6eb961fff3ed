/**
 * The shoppers of a load test, as Gatling scenarios. They play a plan that {@code io.seckill.loadtest.scenario} wrote, and
 * write down every answer as it came; what it means is decided there. Begin at {@link
 * io.seckill.loadtest.gatling.SaleSimulation}.
 */
package io.seckill.loadtest.gatling;
