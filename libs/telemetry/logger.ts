import pino, { type DestinationStream, type Logger } from 'pino';

export type { Logger } from 'pino';

export interface LoggerOptions {
  service: string;
  level?: string;
  /** Where lines go; standard output when absent. */
  destination?: DestinationStream;
}

/** Members that are never written, wherever they stand. Phones, names, accounts, keys, codes and SQL stay out of logs. */
const SECRET_NAMES = [
  'authorization',
  'cookie',
  'set-cookie',
  'signature',
  'password',
  'totp',
  'code',
  'token',
  'secret',
  'privateKey',
  'number',
  'msisdn',
  'phone',
  'owner',
  'account',
  'sql',
  'parameters',
  'driverError',
];

const redactPaths = SECRET_NAMES.flatMap((name) => {
  const key = name.includes('-') ? `["${name}"]` : name;
  const join = (parent: string) => (name.includes('-') ? `${parent}${key}` : `${parent}.${key}`);
  return [key, join('*'), join('*.*'), join('req.headers')];
});

const MOBILE = /(?<!\d)(1\d{2})\d{4}(\d{4})(?!\d)/g;

/** Free text may quote a number (a provider's message, a driver's error): the middle digits go. */
export function maskText(text: string): string {
  return text.replace(MOBILE, '$1****$2');
}

/** JSON lines. An error is written as type, message and stack only: a database error also carries the whole SQL with its values. */
export function createLogger(options: LoggerOptions): Logger {
  const settings: pino.LoggerOptions = {
    base: { service: options.service },
    level: options.level ?? 'info',
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: [...new Set(redactPaths)], censor: '[hidden]' },
    serializers: { err: plainError, error: plainError },
    formatters: {
      log: (line) =>
        Object.fromEntries(
          Object.entries(line).map(([name, value]) => [name, typeof value === 'string' ? maskText(value) : value]),
        ),
    },
    hooks: {
      logMethod(args, method) {
        const masked = args.map((arg: unknown) => (typeof arg === 'string' ? maskText(arg) : arg));
        method.apply(this, masked as Parameters<typeof method>);
      },
    },
  };
  return options.destination ? pino(settings, options.destination) : pino(settings);
}

export interface PlainError {
  type: string;
  message: string;
  stack: string;
  cause?: PlainError;
}

/** What of an error may be written. A driver's message can quote values in apostrophes; those go too. */
export function plainError(error: unknown): PlainError {
  if (!(error instanceof Error)) return { type: 'thrown', message: maskText(String(error)), stack: '' };
  const hide = (text: string) => maskText(text.replace(/'[^'\n]{4,}'/g, "'…'"));
  return {
    type: error.name,
    message: hide(error.message),
    stack: hide(error.stack ?? ''),
    ...(error.cause === undefined ? {} : { cause: plainError(error.cause) }),
  };
}
