-- What happens after the 202: payment, cancellation, expiry, and the operator's hand. Every end of an order is one
-- conditional UPDATE of its row; what follows from it is written in the same transaction.

ALTER TABLE orders
  -- When the order was paid, cancelled or expired. `batch_id` is from now on the last transaction that wrote the row.
  ADD COLUMN settled_at DATETIME(3) NULL AFTER pay_by,
  ADD KEY order_due (state, pay_by);

ALTER TABLE sale_row
  -- Grows with every change by an operator; Redis takes newer versions only.
  ADD COLUMN version INT NOT NULL DEFAULT 1 AFTER accept_epoch;

-- Units given back by MySQL: the outbox to Redis. No earlier version wrote into it.
DROP TABLE restock;
CREATE TABLE restock (
  order_id    CHAR(36)          CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  sale_id     VARCHAR(32)       CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  user_id     VARCHAR(64)       CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  attempt     SMALLINT UNSIGNED NOT NULL,
  quantity    SMALLINT UNSIGNED NOT NULL,
  created_at  DATETIME(3)       NOT NULL,
  -- Null until Redis has the units; then which call there took them, by which the audit tells before from after.
  applied_at  DATETIME(3)       NULL,
  applied_seq BIGINT            NULL,
  PRIMARY KEY (order_id),
  KEY restock_open (applied_at, created_at),
  KEY restock_by_sale (sale_id, applied_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

-- The outbox of order events. A row goes when RabbitMQ has confirmed its event. That an order was stored is not in here:
-- there the order's own message is the outbox, acked after the event's confirm.
CREATE TABLE order_event (
  event_id BIGINT            NOT NULL AUTO_INCREMENT,
  order_id CHAR(36)          CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  sale_id  VARCHAR(32)       CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  user_id  VARCHAR(64)       CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  quantity SMALLINT UNSIGNED NOT NULL,
  attempt  SMALLINT UNSIGNED NOT NULL,
  state    ENUM ('paid', 'cancelled', 'expired') NOT NULL,
  at       DATETIME(3)       NOT NULL,
  PRIMARY KEY (event_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

-- What the payment provider took. One that did not end in a paid order is to be given back: refund_due.
CREATE TABLE payment (
  payment_id VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  order_id   CHAR(36)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  amount     BIGINT       NOT NULL,
  currency   CHAR(3)      CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  state      ENUM ('failed', 'settled', 'refund_due', 'refunded') NOT NULL,
  -- Why a refund is due; empty otherwise.
  reason     VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  created_at DATETIME(3)  NOT NULL,
  updated_at DATETIME(3)  NOT NULL,
  PRIMARY KEY (payment_id),
  KEY payment_by_order (order_id),
  KEY payment_by_state (state, updated_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

-- Events of the provider that were taken in, so that each counts once.
CREATE TABLE payment_event (
  event_id    VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  payment_id  VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  type        VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  received_at DATETIME(3) NOT NULL,
  PRIMARY KEY (event_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

-- Who changed what about a sale, and when.
CREATE TABLE audit_trail (
  trail_id    BIGINT        NOT NULL AUTO_INCREMENT,
  at          DATETIME(3)   NOT NULL,
  actor       VARCHAR(64)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  action      VARCHAR(20)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  sale_id     VARCHAR(32)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  detail      VARCHAR(2000) NOT NULL,
  -- The operator's Idempotency-Key, where repeating the call would repeat its effect.
  request_key VARCHAR(128)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  PRIMARY KEY (trail_id),
  UNIQUE KEY trail_by_request (request_key),
  KEY trail_by_sale (sale_id, trail_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;
