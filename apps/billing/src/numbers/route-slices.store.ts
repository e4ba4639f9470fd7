import { Injectable } from '@nestjs/common';
import type { Queryable } from '@yidian/database';
import type { PortRow } from './place-ports';
import type { VersionRow } from './versions.store';

/** From the row after `from` to the row `to`. */
export interface Range {
  from: string;
  to: string;
}

const chunk = 900;

/**
 * Carries out a slice of an imported file. Nothing is rewritten: a row that the file contradicts ends on the file's first
 * day (one that would begin later ends before it began), and a row of the file begins there. The order of the joins is
 * forced: on a table just loaded the statistics know nothing, and the optimiser would scan it.
 */
@Injectable()
export class RouteSlicesStore {
  async endSegments(tx: Queryable, { id, from: day }: VersionRow, { from, to }: Range): Promise<number> {
    return tx.run(
      `UPDATE numbering_row r STRAIGHT_JOIN segment s FORCE INDEX (PRIMARY) ON s.prefix = r.id
       SET s.valid_to = GREATEST(s.valid_from, CAST(? AS DATE))
       WHERE r.version = ? AND r.id > ? AND r.id <= ? AND (s.valid_to IS NULL OR s.valid_to > ?)
        AND (s.branch <> r.branch OR s.carrier <> r.carrier)`,
      [day, id, from, to, day],
    );
  }

  async openSegments(tx: Queryable, { id, from: day }: VersionRow, { from, to }: Range): Promise<number> {
    return tx.run(
      `INSERT INTO segment (prefix, valid_from, valid_to, branch, carrier, version)
       SELECT r.id, ?, NULL, r.branch, r.carrier, r.version
       FROM numbering_row r LEFT JOIN segment s FORCE INDEX (PRIMARY) ON s.prefix = r.id AND s.valid_to IS NULL
       WHERE r.version = ? AND r.id > ? AND r.id <= ? AND s.prefix IS NULL`,
      [day, id, from, to],
    );
  }

  /** What the file, being the whole table, does not have; rows that a registration opened are not of any file. */
  async endMissingSegments(tx: Queryable, { id, from: day }: VersionRow, { from, to }: Range): Promise<number> {
    return tx.run(
      `UPDATE segment s LEFT JOIN numbering_row r ON r.version = ? AND r.id = s.prefix
       SET s.valid_to = GREATEST(s.valid_from, CAST(? AS DATE))
       WHERE s.prefix > ? AND s.prefix <= ? AND s.version > 0 AND s.version <> ?
        AND (s.valid_to IS NULL OR s.valid_to > ?) AND r.id IS NULL`,
      [id, day, from, to, id, day],
    );
  }

  async endMissingPorts(tx: Queryable, { id, from: day }: VersionRow, { from, to }: Range): Promise<number> {
    return tx.run(
      `UPDATE ported_number p LEFT JOIN numbering_row r ON r.version = ? AND r.id = p.msisdn
       SET p.valid_to = GREATEST(p.valid_from, CAST(? AS DATE)), p.pending = 0
       WHERE p.msisdn > ? AND p.msisdn <= ? AND p.version > 0 AND p.version <> ?
        AND (p.valid_to IS NULL OR p.valid_to > ?) AND r.id IS NULL`,
      [id, day, from, to, id, day],
    );
  }

  async stagedPorts(tx: Queryable, { id }: VersionRow, { from, to }: Range): Promise<PortRow[]> {
    return tx.select<PortRow & Record<string, unknown>>(
      `SELECT id AS msisdn, branch, valid_from AS \`from\`, valid_to AS until, version FROM numbering_row
       WHERE version = ? AND id > ? AND id <= ? ORDER BY id, valid_from`,
      [id, from, to],
    );
  }

  /** Kept from changing until the transaction ends. */
  async ports(tx: Queryable, msisdns: readonly string[]): Promise<PortRow[]> {
    const rows: PortRow[] = [];
    for (let at = 0; at < msisdns.length; at += chunk)
      rows.push(
        ...(await tx.select<PortRow & Record<string, unknown>>(
          `SELECT msisdn, branch, valid_from AS \`from\`, valid_to AS until, version
           FROM ported_number FORCE INDEX (PRIMARY) WHERE msisdn IN (?) ORDER BY msisdn FOR UPDATE`,
          [msisdns.slice(at, at + chunk)],
        )),
      );
    return rows;
  }

  /** New rows, and the new ends of rows that stand. Holders are told of the new ones when their day has come. */
  async writePorts(tx: Queryable, opened: readonly PortRow[], ended: readonly PortRow[]): Promise<void> {
    const rows = [...opened.map((row) => [row, 1] as const), ...ended.map((row) => [row, 0] as const)];
    if (rows.length === 0) return;
    await tx.run(
      `INSERT INTO ported_number (msisdn, branch, valid_from, valid_to, version, pending) VALUES ?
       ON DUPLICATE KEY UPDATE valid_to = VALUES(valid_to), pending = VALUES(pending)`,
      [
        rows.map(([{ msisdn, branch, from, until, version }, pending]) => [
          msisdn,
          branch,
          from,
          until,
          version,
          pending,
        ]),
      ],
    );
  }
}
