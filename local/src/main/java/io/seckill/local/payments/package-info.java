/**
 * A payment provider to test with, in a process of its own: it takes money that is none and tells the gateways by webhooks,
 * as late, as often and in such disorder as it is asked to. Start with {@link
 * io.seckill.local.payments.PaymentProviderMain}.
 */
package io.seckill.local.payments;
