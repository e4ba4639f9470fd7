import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLE = 'DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin';

/** Differences, what people and rules decided about them, and the doing of it. */
export class Breaks1795340000004 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`CREATE TABLE recon_break (
      id VARCHAR(40) NOT NULL,
      provider VARCHAR(32) NOT NULL,
      date DATE NOT NULL,
      run_id CHAR(64) NOT NULL,
      kind VARCHAR(10) NOT NULL,
      row_no VARCHAR(4) NOT NULL,
      class VARCHAR(32) NOT NULL,
      state VARCHAR(12) NOT NULL,
      wait_until DATE NOT NULL,
      group_key VARCHAR(80) NOT NULL,
      leg VARCHAR(120) NOT NULL,
      payment_no VARCHAR(32) NOT NULL,
      ref_no VARCHAR(64) NOT NULL,
      provider_txn_id VARCHAR(64) NOT NULL,
      branch VARCHAR(6) NOT NULL,
      acquiring_branch VARCHAR(6) NOT NULL,
      channel VARCHAR(16) NOT NULL,
      partner VARCHAR(32) NOT NULL,
      at_stake BIGINT NOT NULL,
      p_amount BIGINT NULL,
      g_amount BIGINT NULL,
      b_amount BIGINT NULL,
      p_state VARCHAR(16) NULL,
      g_state VARCHAR(16) NULL,
      b_state VARCHAR(16) NULL,
      statement_line INT NULL,
      raw VARCHAR(4200) NULL,
      item_id CHAR(40) NULL,
      suggested VARCHAR(20) NOT NULL,
      steps VARCHAR(100) NOT NULL,
      auto TINYINT NOT NULL,
      only_if_balance TINYINT NOT NULL,
      severe TINYINT NOT NULL,
      proposal_action VARCHAR(20) NULL,
      proposal_reason VARCHAR(500) NULL,
      proposed_by VARCHAR(64) NULL,
      proposed_at DATETIME(3) NULL,
      approved_by VARCHAR(64) NULL,
      resolved_action VARCHAR(20) NULL,
      resolved_by VARCHAR(64) NULL,
      resolved_at DATETIME(3) NULL,
      resolution_detail VARCHAR(300) NULL,
      version INT NOT NULL,
      created_at DATETIME(3) NOT NULL,
      PRIMARY KEY (id),
      KEY day (provider, date),
      KEY state (state, date),
      KEY payment (payment_no)
    ) ${TABLE}`);
    await q.query(`CREATE TABLE break_event (
      break_id VARCHAR(40) NOT NULL,
      version INT NOT NULL,
      what VARCHAR(20) NOT NULL,
      actor VARCHAR(64) NOT NULL,
      detail VARCHAR(600) NOT NULL,
      at DATETIME(3) NOT NULL,
      PRIMARY KEY (break_id, version)
    ) ${TABLE}`);
    await q.query(`CREATE TABLE resolution (
      rkey VARCHAR(32) NOT NULL,
      break_id VARCHAR(40) NOT NULL,
      provider VARCHAR(32) NOT NULL,
      date DATE NOT NULL,
      steps VARCHAR(100) NOT NULL,
      step_no INT NOT NULL,
      state VARCHAR(12) NOT NULL,
      settle_as VARCHAR(20) NULL,
      settle_state VARCHAR(12) NOT NULL,
      by_rule TINYINT NOT NULL,
      actor VARCHAR(64) NOT NULL,
      approver VARCHAR(64) NOT NULL,
      detail VARCHAR(300) NOT NULL,
      tries INT NOT NULL,
      due_at DATETIME(3) NULL,
      created_at DATETIME(3) NOT NULL,
      PRIMARY KEY (rkey),
      KEY due (state, due_at),
      KEY day (provider, date),
      KEY break_id (break_id)
    ) ${TABLE}`);
  }

  down(): Promise<void> {
    throw new Error('forward only');
  }
}
