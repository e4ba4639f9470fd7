import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Branches with a billing system of their own: how it is reached, what it was asked, what it told. */
const ADAPTER = `CREATE TABLE bss_adapter (
  branch CHAR(6) NOT NULL,
  kind VARCHAR(8) NOT NULL,
  base_url VARCHAR(200) NOT NULL,
  their_keys TEXT NOT NULL,
  deadline_ms INT NOT NULL,
  lookup_ms INT NOT NULL,
  concurrency INT NOT NULL,
  max_delay_ms INT NOT NULL,
  idempotent TINYINT NOT NULL,
  break_after INT NOT NULL,
  break_for_ms INT NOT NULL,
  updated_at DATETIME(3) NOT NULL,
  PRIMARY KEY (branch)
) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`;

/**
 * One effect asked of a province under one reference, which is never renewed. Per province, so that the queue of a slow one
 * is not in the way of another's; due_at is NULL when nobody has to do anything, or only people can.
 */
const ORDER = `CREATE TABLE bss_order (
  ref_no VARCHAR(40) NOT NULL,
  kind VARCHAR(10) NOT NULL,
  branch CHAR(6) NOT NULL,
  payment_no CHAR(20) NOT NULL,
  msisdn CHAR(11) NOT NULL,
  owner VARCHAR(40) NOT NULL,
  amount BIGINT NOT NULL,
  currency CHAR(3) NOT NULL,
  content TEXT NOT NULL,
  state VARCHAR(10) NOT NULL,
  wanted VARCHAR(10) NOT NULL,
  pledged TINYINT NOT NULL,
  booked TINYINT NOT NULL,
  reason VARCHAR(40) NOT NULL,
  note VARCHAR(120) NOT NULL,
  their_id VARCHAR(64) NOT NULL,
  their_date DATE NULL,
  balance_after BIGINT NULL,
  sends INT NOT NULL,
  asked INT NOT NULL,
  missing INT NOT NULL,
  sent_at DATETIME(3) NULL,
  due_at DATETIME(3) NULL,
  version INT NOT NULL,
  created_at DATETIME(3) NOT NULL,
  updated_at DATETIME(3) NOT NULL,
  PRIMARY KEY (ref_no, kind),
  KEY bss_order_due (branch, state, due_at),
  KEY bss_order_date (branch, their_date),
  KEY bss_order_payment (payment_no)
) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`;

const ORDER_MOVE = `CREATE TABLE bss_order_move (
  ref_no VARCHAR(40) NOT NULL,
  kind VARCHAR(10) NOT NULL,
  n INT NOT NULL,
  from_state VARCHAR(10) NOT NULL,
  to_state VARCHAR(10) NOT NULL,
  evidence VARCHAR(120) NOT NULL,
  at DATETIME(3) NOT NULL,
  PRIMARY KEY (ref_no, kind, n)
) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`;

const EVENT = `CREATE TABLE bss_event (
  branch CHAR(6) NOT NULL,
  event_id VARCHAR(64) NOT NULL,
  body BLOB NOT NULL,
  state VARCHAR(10) NOT NULL,
  outcome VARCHAR(40) NOT NULL,
  tries INT NOT NULL,
  due_at DATETIME(3) NULL,
  received_at DATETIME(3) NOT NULL,
  PRIMARY KEY (branch, event_id),
  KEY bss_event_due (state, due_at)
) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`;

const CREDIT_FILE = `CREATE TABLE bss_credit_file (
  branch CHAR(6) NOT NULL,
  book_date DATE NOT NULL,
  version INT NOT NULL,
  state VARCHAR(10) NOT NULL,
  path VARCHAR(250) NOT NULL,
  sha256 CHAR(64) NOT NULL,
  line_count INT NOT NULL,
  amount BIGINT NOT NULL,
  agrees TINYINT NOT NULL,
  settled INT NOT NULL,
  tries INT NOT NULL,
  due_at DATETIME(3) NULL,
  fetched_at DATETIME(3) NOT NULL,
  PRIMARY KEY (branch, book_date, version),
  KEY bss_credit_file_due (due_at)
) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`;

const FINDING = `CREATE TABLE bss_finding (
  branch CHAR(6) NOT NULL,
  book_date DATE NOT NULL,
  version INT NOT NULL,
  line_no INT NOT NULL,
  reason VARCHAR(80) NOT NULL,
  raw BLOB NOT NULL,
  PRIMARY KEY (branch, book_date, version, line_no)
) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`;

const DIFFERENCE = `CREATE TABLE bss_difference (
  branch CHAR(6) NOT NULL,
  book_date DATE NOT NULL,
  version INT NOT NULL,
  n INT NOT NULL,
  class VARCHAR(20) NOT NULL,
  kind VARCHAR(10) NOT NULL,
  ref_no VARCHAR(40) NOT NULL,
  our_state VARCHAR(10) NULL,
  our_amount BIGINT NULL,
  their_amount BIGINT NULL,
  PRIMARY KEY (branch, book_date, version, n)
) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`;

export class Bss1795460700001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    for (const statement of [ADAPTER, ORDER, ORDER_MOVE, EVENT, CREDIT_FILE, FINDING, DIFFERENCE])
      await q.query(statement);
  }

  down(): Promise<void> {
    throw new Error('forward only');
  }
}
