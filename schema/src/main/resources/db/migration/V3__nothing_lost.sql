-- What it takes to bring a sale back after Redis lost it, and dead letters that can be sent again.

-- A row as long as a sale is being rebuilt: it sells nothing meanwhile.
CREATE TABLE sale_rebuild (
  sale_id     VARCHAR(32)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reason      VARCHAR(100) NOT NULL,
  began_at    DATETIME(3)  NOT NULL,
  -- Who works at it, and until when no one else may. Each try has an epoch of its own: the sale's.
  coordinator VARCHAR(100) NULL,
  lease_until DATETIME(3)  NULL,
  PRIMARY KEY (sale_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

-- Every consumer through which an order can come, and the last drain round of which it said that all it was given before
-- is settled. A rebuild counts on what is stored only when no order can be on its way.
CREATE TABLE consumer_session (
  session_id CHAR(36)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  queue      VARCHAR(255) NOT NULL,
  worker     VARCHAR(100) NOT NULL,
  answered   BIGINT       NOT NULL DEFAULT 0,
  PRIMARY KEY (session_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

CREATE TABLE drain_round (
  id    TINYINT NOT NULL,
  round BIGINT  NOT NULL,
  PRIMARY KEY (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

INSERT INTO drain_round (id, round) VALUES (1, 0);

ALTER TABLE dead_letter
  -- Of the order, as its message says; null in what could not be read, and in letters from before this version.
  ADD COLUMN attempt SMALLINT UNSIGNED NULL AFTER quantity,
  ADD COLUMN epoch INT NULL AFTER attempt,
  -- Grows with each time that it became a dead letter: tells a replay whether the letter that it sent came back already.
  ADD COLUMN deaths INT UNSIGNED NOT NULL DEFAULT 1 AFTER reason,
  -- When RabbitMQ confirmed the letter's replay; null again if it came back.
  ADD COLUMN replayed_at DATETIME(3) NULL,
  ADD KEY dead_letter_by_age (created_at, dead_key),
  ADD KEY dead_letter_open (replayed_at, created_at);

ALTER TABLE sale_row
  MODIFY COLUMN phase ENUM ('loading', 'selling', 'paused', 'ended') NOT NULL DEFAULT 'loading';

CREATE OR REPLACE VIEW sale AS
SELECT sale_id, title, description, image_url, price_amount, price_currency, stock, sold, max_per_user, starts_at,
       ends_at, payment_window_s, epoch, accept_epoch, phase, created_at,
       CASE
         WHEN phase = 'ended' OR ends_at <= UTC_TIMESTAMP(3) THEN 'ended'
         WHEN phase = 'loading' OR EXISTS (SELECT 1 FROM sale_rebuild r WHERE r.sale_id = s.sale_id) THEN 'recovering'
         WHEN phase = 'paused' THEN 'paused'
         WHEN starts_at > UTC_TIMESTAMP(3) THEN 'scheduled'
         WHEN sold >= stock THEN 'sold_out'
         ELSE 'open'
       END AS state
FROM sale_row s;
