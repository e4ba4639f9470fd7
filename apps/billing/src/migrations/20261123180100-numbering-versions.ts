import type { MigrationInterface, QueryRunner } from 'typeorm';

const CHARSET = 'DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin';

/**
 * Routes come from imported files, each a version. Version 0: opened by a registration. The version is part of a route's
 * key, because a later file may correct one that began on the same date, and the corrected row stays as a trace.
 */
const STATEMENTS = [
  `ALTER TABLE segment
    CHANGE COLUMN effective_from valid_from DATE NOT NULL,
    CHANGE COLUMN effective_to valid_to DATE NULL,
    MODIFY COLUMN prefix VARCHAR(9) NOT NULL,
    ADD COLUMN carrier TINYINT NOT NULL DEFAULT 0,
    ADD COLUMN version INT NOT NULL DEFAULT 0,
    DROP PRIMARY KEY,
    ADD PRIMARY KEY (prefix, valid_from, version)`,
  `ALTER TABLE ported_number
    CHANGE COLUMN effective_from valid_from DATE NOT NULL,
    CHANGE COLUMN effective_to valid_to DATE NULL,
    MODIFY COLUMN branch CHAR(6) NULL,
    ADD COLUMN version INT NOT NULL DEFAULT 0,
    ADD COLUMN pending TINYINT NOT NULL DEFAULT 0,
    DROP PRIMARY KEY,
    ADD PRIMARY KEY (msisdn, valid_from, version),
    ADD KEY ported_number_pending (pending, valid_from)`,
  `CREATE TABLE numbering_version (
    id INT NOT NULL,
    kind VARCHAR(8) NOT NULL,
    format VARCHAR(12) NOT NULL,
    sha256 CHAR(64) NOT NULL,
    file_name VARCHAR(200) NOT NULL,
    valid_from DATE NOT NULL,
    whole_table TINYINT NOT NULL,
    actor VARCHAR(64) NOT NULL,
    state VARCHAR(8) NOT NULL,
    total INT NOT NULL,
    received INT NOT NULL,
    applied INT NOT NULL,
    applied_to VARCHAR(11) NOT NULL,
    opened INT NOT NULL,
    closed INT NOT NULL,
    skipped INT NOT NULL,
    bad_lines INT NOT NULL,
    findings TEXT NOT NULL,
    created_at DATETIME(3) NOT NULL,
    applied_at DATETIME(3) NULL,
    PRIMARY KEY (id),
    UNIQUE KEY numbering_version_file (kind, sha256, valid_from),
    CHECK (state IN ('open', 'applying', 'applied', 'refused'))
  ) ${CHARSET}`,
  `CREATE TABLE numbering_row (
    version INT NOT NULL,
    id VARCHAR(11) NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE NULL,
    branch CHAR(6) NULL,
    carrier TINYINT NOT NULL,
    PRIMARY KEY (version, id, valid_from)
  ) ${CHARSET}`,
];

export class NumberingVersions1795456860001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await q.query(statement);
  }

  down(): Promise<void> {
    throw new Error('forward only');
  }
}
