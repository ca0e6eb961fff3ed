-- Nothing is ever lost: what the operator needs to bring back what became a dead letter.

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
