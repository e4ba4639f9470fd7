/**
 * No secondary unique index on a table that lanes write: on the primary key READ COMMITTED locks the record only, on a
 * secondary unique index neighbours block each other. No AUTO_INCREMENT, no foreign keys.
 */
const LANE = `CREATE TABLE lane (
  lane_id INT NOT NULL,
  service VARCHAR(32) NOT NULL,
  instance VARCHAR(64) NOT NULL,
  slot INT NOT NULL,
  state VARCHAR(8) NOT NULL,
  seq BIGINT NOT NULL,
  batch_no BIGINT NOT NULL,
  head BINARY(32) NOT NULL,
  day_epoch BIGINT NOT NULL,
  beat BIGINT NOT NULL,
  beat_at DATETIME(3) NOT NULL,
  opened_at DATETIME(3) NOT NULL,
  PRIMARY KEY (lane_id),
  KEY lane_state (state, lane_id),
  CHECK (state IN ('open', 'closed'))
)`;

const DAY_EPOCH = `CREATE TABLE day_epoch (
  id INT NOT NULL,
  epoch BIGINT NOT NULL,
  lanes_opened INT NOT NULL,
  PRIMARY KEY (id),
  CHECK (id = 1)
)`;

const BOOK_DAY = `CREATE TABLE book_day (
  provider VARCHAR(32) NOT NULL,
  open_date DATE NOT NULL,
  PRIMARY KEY (provider)
)`;

const BOOK_CUT = `CREATE TABLE book_cut (
  provider VARCHAR(32) NOT NULL,
  book_date DATE NOT NULL,
  epoch BIGINT NOT NULL,
  state VARCHAR(8) NOT NULL,
  cut_at DATETIME(3) NOT NULL,
  frozen_at DATETIME(3) NULL,
  PRIMARY KEY (provider, book_date),
  CHECK (state IN ('cutting', 'frozen'))
)`;

const BOOK_CUT_LANE = `CREATE TABLE book_cut_lane (
  provider VARCHAR(32) NOT NULL,
  lane_id INT NOT NULL,
  book_date DATE NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (provider, lane_id, book_date)
)`;

/** How far a lane had come when a date was opened: none of the date's facts lies at or below. Only lanes that had moved. */
const BOOK_OPEN_LANE = `CREATE TABLE book_open_lane (
  provider VARCHAR(32) NOT NULL,
  lane_id INT NOT NULL,
  book_date DATE NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (provider, lane_id, book_date)
)`;

const FACT = `CREATE TABLE fact (
  lane_id INT NOT NULL,
  seq BIGINT NOT NULL,
  provider VARCHAR(32) NOT NULL,
  book_date DATE NOT NULL,
  business_date DATE NULL,
  kind VARCHAR(20) NOT NULL,
  payment_no VARCHAR(32) NOT NULL,
  ref_no VARCHAR(40) NOT NULL,
  provider_txn_id VARCHAR(64) NOT NULL,
  amount BIGINT NOT NULL,
  currency CHAR(3) NOT NULL,
  branch VARCHAR(6) NOT NULL,
  acquiring_branch VARCHAR(6) NOT NULL,
  channel VARCHAR(16) NOT NULL,
  partner VARCHAR(32) NOT NULL,
  occurred_at DATETIME(3) NOT NULL,
  PRIMARY KEY (lane_id, seq),
  KEY fact_book (provider, book_date, kind)
)`;

const BATCH = `CREATE TABLE batch (
  lane_id INT NOT NULL,
  batch_no BIGINT NOT NULL,
  first_seq BIGINT NOT NULL,
  n INT NOT NULL,
  body_hash BINARY(32) NOT NULL,
  prev BINARY(32) NOT NULL,
  hash BINARY(32) NOT NULL,
  anchor_n BIGINT NOT NULL,
  PRIMARY KEY (lane_id, batch_no)
)`;

const ANCHOR = `CREATE TABLE anchor (
  n BIGINT NOT NULL,
  prev BINARY(32) NOT NULL,
  hash BINARY(32) NOT NULL,
  at DATETIME(3) NOT NULL,
  PRIMARY KEY (n)
)`;

/** Lanes that moved since their last anchor; the head of a lane at an anchor is its latest row at or before it. */
const ANCHOR_HEAD = `CREATE TABLE anchor_head (
  lane_id INT NOT NULL,
  anchor_n BIGINT NOT NULL,
  batch_no BIGINT NOT NULL,
  head BINARY(32) NOT NULL,
  PRIMARY KEY (lane_id, anchor_n),
  KEY anchor_head_n (anchor_n)
)`;

const AUDIT = `CREATE TABLE audit (
  lane_id INT NOT NULL,
  batch_no BIGINT NOT NULL,
  n INT NOT NULL,
  at DATETIME(3) NOT NULL,
  actor VARCHAR(64) NOT NULL,
  action VARCHAR(64) NOT NULL,
  object VARCHAR(128) NOT NULL,
  before_json LONGTEXT NULL,
  after_json LONGTEXT NULL,
  PRIMARY KEY (lane_id, batch_no, n),
  KEY audit_at (at),
  KEY audit_object (object, at)
)`;

/** Signatures of anchors by a key that is not in the database. */
const ANCHOR_SEAL = `CREATE TABLE anchor_seal (
  n BIGINT NOT NULL,
  service VARCHAR(32) NOT NULL,
  key_id VARCHAR(64) NOT NULL,
  public_key VARCHAR(400) NOT NULL,
  signature VARBINARY(512) NOT NULL,
  notes TEXT NOT NULL,
  sealed_at DATETIME(3) NOT NULL,
  PRIMARY KEY (n)
)`;

/** What the service's own database user may never change (SchemaPlan.appendOnly). */
export const JOURNAL_APPEND_ONLY = [
  'fact',
  'batch',
  'anchor',
  'anchor_head',
  'book_cut_lane',
  'book_open_lane',
] as const;
export const AUDIT_APPEND_ONLY = ['audit'] as const;
export const SEAL_APPEND_ONLY = ['anchor_seal'] as const;

/** DDL, one statement each, for a migration. */
export function journalTables(): string[] {
  return [
    LANE,
    DAY_EPOCH,
    'INSERT INTO day_epoch (id, epoch, lanes_opened) VALUES (1, 1, 0)',
    BOOK_DAY,
    BOOK_CUT,
    BOOK_CUT_LANE,
    FACT,
    BATCH,
    ANCHOR,
    ANCHOR_HEAD,
  ];
}

/** Needs journalTables() too: books whose sums are read along the lanes, so that no fact pays for a second index. */
export function bookOpenings(): string[] {
  return [BOOK_OPEN_LANE, 'ALTER TABLE fact DROP INDEX fact_book'];
}

/** Needs journalTables() too. */
export function auditTables(): string[] {
  return [AUDIT];
}

/** Needs journalTables() too. */
export function sealTables(): string[] {
  return [ANCHOR_SEAL];
}
