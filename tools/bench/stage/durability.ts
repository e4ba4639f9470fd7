import mysql from 'mysql2/promise';
import { connectionOptions } from '@yidian/database';
import { PlainError } from '../../platform/progress';

/** A figure without these says nothing: a commit counts when it would survive the loss of power. */
const WANTED: Readonly<Record<string, string>> = {
  log_bin: 'ON',
  sync_binlog: '1',
  innodb_flush_log_at_trx_commit: '1',
  innodb_doublewrite: 'ON',
};

const SHOWN = [
  ...Object.keys(WANTED),
  'version',
  'innodb_buffer_pool_size',
  'innodb_log_file_size',
  'innodb_flush_method',
];

/** Asks the server itself. @returns its settings @throws PlainError when one of them would make commits cheaper than they are */
export async function assertFullDurability(adminUrl: string): Promise<Record<string, string>> {
  const connection = await mysql.createConnection(connectionOptions(adminUrl));
  try {
    const [rows] = await connection.query<mysql.RowDataPacket[]>('SHOW GLOBAL VARIABLES WHERE Variable_name IN (?)', [
      SHOWN,
    ]);
    const found = Object.fromEntries(rows.map((row) => [String(row['Variable_name']), String(row['Value'])]));
    const wrong = Object.entries(WANTED).filter(([name, value]) => found[name] !== value);
    if (wrong.length > 0)
      throw new PlainError(
        `No benchmark on this server: ${wrong.map(([name, value]) => `${name} must be ${value}, is ${found[name]}`).join('; ')}.`,
      );
    return found;
  } finally {
    await connection.end();
  }
}

/** `log_bin=ON sync_binlog=1 …`, as it is printed with the figures. */
export function durabilityLine(settings: Readonly<Record<string, string>>): string {
  const pool = Math.round(Number.parseInt(settings['innodb_buffer_pool_size'] ?? '0', 10) / 2 ** 20);
  const switches = Object.keys(WANTED).map((name) => `${name}=${settings[name]}`);
  return `${settings['version']}  ${switches.join(' ')} buffer_pool=${pool}M`;
}
