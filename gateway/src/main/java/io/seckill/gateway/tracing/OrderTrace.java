package io.seckill.gateway.tracing;

/** A traced purchase that became an order. */
public record OrderTrace(PurchaseTrace purchase, String orderId) {}
