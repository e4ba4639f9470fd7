import type { ConnectionOptions } from 'mysql2/promise';

/**
 * Reads `mysql://user:password@host:port/schema`. A private server that listens on a unix socket only is named by
 * `?socketPath=/path/to.sock`.
 */
export function connectionOptions(url: string): ConnectionOptions {
  const parsed = new URL(url);
  const socketPath = parsed.searchParams.get('socketPath');
  return {
    user: decodeURIComponent(parsed.username),
    password: decodeURIComponent(parsed.password),
    database: parsed.pathname.slice(1) || undefined,
    ...(socketPath ? { socketPath } : { host: parsed.hostname, port: Number(parsed.port || 3306) }),
    charset: 'utf8mb4_bin',
    timezone: 'Z',
    dateStrings: ['DATE'],
    connectTimeout: 5_000,
    supportBigNumbers: true,
    typeCast: castColumn,
  };
}

/** The same server and credentials with another schema, user or password. */
export function withSchema(url: string, schema: string, login?: { user: string; password: string }): string {
  const next = new URL(url);
  next.pathname = `/${schema}`;
  if (login) {
    next.username = encodeURIComponent(login.user);
    next.password = encodeURIComponent(login.password);
  }
  return next.toString();
}

interface Column {
  type: string;
  string(): string | null;
}

/** BIGINT comes back as bigint (an amount or a sequence), never as a number that could lose digits. */
function castColumn(column: Column, next: () => unknown): unknown {
  if (column.type !== 'LONGLONG') return next();
  const text = column.string();
  return text === null ? null : BigInt(text);
}
