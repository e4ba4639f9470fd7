/** A key, and whatever was answered to it. Never updated: a tombstone and a resolution are rows of their own. */
const POSTING = `CREATE TABLE posting (
  key_day DATE NOT NULL,
  k VARCHAR(80) NOT NULL,
  outcome VARCHAR(8) NOT NULL,
  reason VARCHAR(40) NOT NULL,
  actor VARCHAR(64) NOT NULL,
  input_hash BINARY(32) NOT NULL,
  input TEXT NOT NULL,
  balances TEXT NOT NULL,
  lane_id INT NOT NULL,
  batch_no BIGINT NOT NULL,
  n INT NOT NULL,
  at DATETIME(3) NOT NULL,
  PRIMARY KEY (key_day, k),
  KEY posting_batch (lane_id, batch_no),
  CHECK (outcome IN ('posted', 'rejected', 'voided'))
)`;

/** Two ends, a positive amount. Dense from 0 within its batch; the batch hash covers it. */
const TRANSFER = `CREATE TABLE transfer (
  lane_id INT NOT NULL,
  batch_no BIGINT NOT NULL,
  n INT NOT NULL,
  day DATE NOT NULL,
  k VARCHAR(80) NOT NULL,
  debit VARCHAR(80) NOT NULL,
  credit VARCHAR(80) NOT NULL,
  amount BIGINT NOT NULL,
  currency CHAR(3) NOT NULL,
  kind VARCHAR(20) NOT NULL,
  refers_to VARCHAR(80) NOT NULL,
  forced TINYINT NOT NULL,
  at DATETIME(3) NOT NULL,
  PRIMARY KEY (lane_id, batch_no, n, day),
  CHECK (amount > 0 AND debit <> credit)
)`;

/**
 * Accounts with a limit: locked and judged by the door. balance = credits − debits, a cache that verify recomputes. The CHECK
 * is a net under the door's own judgement; slack is how far a forced transfer has taken the balance past its limits.
 */
const ACCOUNT = `CREATE TABLE account (
  id VARCHAR(80) NOT NULL,
  kind VARCHAR(20) NOT NULL,
  currency CHAR(3) NOT NULL,
  floor BIGINT NOT NULL,
  ceiling BIGINT NOT NULL,
  balance BIGINT NOT NULL,
  slack BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (id),
  CHECK (balance BETWEEN floor - slack AND ceiling + slack)
)`;

/** Shared accounts without a limit, one row per lane slot, so that lanes do not wait for each other. */
const ACCOUNT_PART = `CREATE TABLE account_part (
  account_id VARCHAR(80) NOT NULL,
  currency CHAR(3) NOT NULL,
  slot INT NOT NULL,
  balance BIGINT NOT NULL,
  PRIMARY KEY (account_id, currency, slot)
)`;

/**
 * Balances as they stood at an anchor, once a day: verification begins there. Rows of zero are left out. Nothing is lost with
 * them: they are what the transfers before them sum up to, and the hash of a day is covered by a signed anchor.
 */
const ACCOUNT_SNAPSHOT = `CREATE TABLE account_snapshot (
  day DATE NOT NULL,
  account_id VARCHAR(80) NOT NULL,
  currency CHAR(3) NOT NULL,
  balance BIGINT NOT NULL,
  PRIMARY KEY (day, account_id, currency)
)`;

const ACCOUNT_SNAPSHOT_DAY = `CREATE TABLE account_snapshot_day (
  day DATE NOT NULL,
  anchor_n BIGINT NOT NULL,
  state VARCHAR(8) NOT NULL,
  rows_n BIGINT NOT NULL,
  hash BINARY(32) NOT NULL,
  beat_at DATETIME(3) NOT NULL,
  PRIMARY KEY (day),
  CHECK (state IN ('taking', 'taken', 'refused'))
)`;

/** An account's condition beside its limits. */
const ACCOUNT_STATUS = `ALTER TABLE account
  ADD COLUMN status VARCHAR(8) NOT NULL DEFAULT 'open',
  ADD CONSTRAINT account_status CHECK (status IN ('open', 'frozen', 'closed'))`;

/** Holds that have an end, for the sweep; a row goes with its hold's resolution. Derived from postings. */
const HOLD_DUE = `CREATE TABLE hold_due (
  expires_at DATETIME(3) NOT NULL,
  key_day DATE NOT NULL,
  k VARCHAR(80) NOT NULL,
  PRIMARY KEY (expires_at, key_day, k)
)`;

/** What the service's own database user may never change (SchemaPlan.appendOnly). */
export const LEDGER_APPEND_ONLY = ['posting', 'transfer'] as const;

/** DDL, one statement each, for a migration. Needs journalTables() too. */
export function ledgerTables(): string[] {
  return [POSTING, TRANSFER, ACCOUNT, ACCOUNT_PART];
}

/** Needs ledgerTables() too. */
export function snapshotTables(): string[] {
  return [ACCOUNT_SNAPSHOT, ACCOUNT_SNAPSHOT_DAY];
}

/** Needs ledgerTables() too. */
export function termTables(): string[] {
  return [ACCOUNT_STATUS, HOLD_DUE];
}

/** Needs ledgerTables(). What most postings and transfers have alike is left to the columns. */
export function ledgerDefaults(): string[] {
  return [
    "ALTER TABLE posting ALTER COLUMN outcome SET DEFAULT 'posted', ALTER COLUMN reason SET DEFAULT ''",
    `ALTER TABLE transfer ALTER COLUMN currency SET DEFAULT 'CNY', ALTER COLUMN refers_to SET DEFAULT '',
       ALTER COLUMN forced SET DEFAULT 0`,
  ];
}
