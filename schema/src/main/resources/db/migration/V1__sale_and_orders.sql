-- Step 6 of a purchase, and the last guard behind it: whatever Redis, the broker or a worker gets wrong, a second
-- active order of one user or a unit beyond the stock cannot be written here.
-- One dialect for MySQL 8 and MariaDB 10.11. All times are UTC.

CREATE TABLE sale_row (
  sale_id          VARCHAR(32)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  title            VARCHAR(200)  NOT NULL,
  description      VARCHAR(2000) NOT NULL DEFAULT '',
  image_url        VARCHAR(500)  NOT NULL DEFAULT '',
  price_amount     BIGINT        NOT NULL,
  price_currency   CHAR(3)       CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  stock            INT           NOT NULL,
  sold             INT           NOT NULL DEFAULT 0,
  max_per_user     INT           NOT NULL,
  starts_at        DATETIME(3)   NOT NULL,
  ends_at          DATETIME(3)   NOT NULL,
  payment_window_s INT           NOT NULL,
  -- The fencing token of the sale. Orders reserved under an epoch below accept_epoch never got a 202 and are refused.
  epoch            INT           NOT NULL DEFAULT 1,
  accept_epoch     INT           NOT NULL DEFAULT 1,
  -- loading: written here, not yet known to be in Redis. The state that people see is derived in the view below.
  phase            ENUM ('loading', 'selling', 'paused', 'ended', 'recovering') NOT NULL DEFAULT 'loading',
  created_at       DATETIME(3)   NOT NULL,
  PRIMARY KEY (sale_id),
  KEY sale_by_end (ends_at),
  CONSTRAINT sale_never_oversold CHECK (sold >= 0 AND sold <= stock),
  CONSTRAINT sale_window CHECK (starts_at < ends_at),
  CONSTRAINT sale_amounts CHECK (stock >= 0 AND max_per_user > 0 AND payment_window_s > 0 AND price_amount >= 0)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

CREATE TABLE orders (
  order_id   CHAR(36)          CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  sale_id    VARCHAR(32)       CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  user_id    VARCHAR(64)       CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  quantity   SMALLINT UNSIGNED NOT NULL,
  attempt    SMALLINT UNSIGNED NOT NULL,
  state      ENUM ('pending_payment', 'paid', 'cancelled', 'expired') NOT NULL DEFAULT 'pending_payment',
  created_at DATETIME(3)       NOT NULL,
  pay_by     DATETIME(3)       NOT NULL,
  -- Which call of `reserve` accepted it: lets the audit cut both ledgers at the same instant.
  epoch      INT               NOT NULL,
  lot_seq    BIGINT            NOT NULL,
  -- Which attempt of which transaction wrote it: the only truthful count of new rows (see OrderStore).
  batch_id   BIGINT            NOT NULL,
  active     TINYINT GENERATED ALWAYS AS (CASE WHEN state IN ('pending_payment', 'paid') THEN 1 END) VIRTUAL,
  PRIMARY KEY (order_id),
  UNIQUE KEY one_active_order (user_id, sale_id, active),
  KEY order_by_lot (sale_id, epoch, lot_seq),
  CONSTRAINT order_quantity CHECK (quantity > 0)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

-- Units given back by MySQL and not yet by Redis.
CREATE TABLE restock (
  order_id   CHAR(36)          CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  sale_id    VARCHAR(32)       CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  quantity   SMALLINT UNSIGNED NOT NULL,
  created_at DATETIME(3)       NOT NULL,
  applied_at DATETIME(3)       NULL,
  PRIMARY KEY (order_id),
  KEY restock_open (sale_id, applied_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

-- What could never be stored as an order: kept whole, counted by the audit, visible to the operator.
CREATE TABLE dead_letter (
  dead_key   CHAR(64)      CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  order_id   CHAR(36)      CHARACTER SET ascii COLLATE ascii_bin NULL,
  sale_id    VARCHAR(32)   CHARACTER SET ascii COLLATE ascii_bin NULL,
  user_id    VARCHAR(64)   CHARACTER SET ascii COLLATE ascii_bin NULL,
  quantity   INT           NOT NULL DEFAULT 0,
  reason     VARCHAR(200)  NOT NULL,
  payload    MEDIUMBLOB    NOT NULL,
  created_at DATETIME(3)   NOT NULL,
  PRIMARY KEY (dead_key),
  KEY dead_letter_by_order (order_id),
  KEY dead_letter_by_sale (sale_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

CREATE VIEW sale AS
SELECT sale_id, title, description, image_url, price_amount, price_currency, stock, sold, max_per_user, starts_at,
       ends_at, payment_window_s, epoch, accept_epoch, phase, created_at,
       CASE
         WHEN phase IN ('loading', 'recovering') THEN 'recovering'
         WHEN phase = 'ended' OR ends_at <= UTC_TIMESTAMP(3) THEN 'ended'
         WHEN phase = 'paused' THEN 'paused'
         WHEN starts_at > UTC_TIMESTAMP(3) THEN 'scheduled'
         WHEN sold >= stock THEN 'sold_out'
         ELSE 'open'
       END AS state
FROM sale_row;
