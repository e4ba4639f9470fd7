import type { LoggerService } from '@nestjs/common';
import { plainError, type Logger } from './logger';

/** A line per module and route at each start says nothing that the code does not. */
const CONSTRUCTION = new Set(['InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestFactory']);

/** Lets Nest write through our logger, so that its lines obey the same rules. */
export function nestLogger(logger: Logger): LoggerService {
  const context = (rest: unknown[]): { context?: string } => {
    const last = rest.at(-1);
    return typeof last === 'string' ? { context: last } : {};
  };
  const text = (message: unknown) => (message instanceof Error ? plainError(message).message : String(message));
  return {
    log: (message: unknown, ...rest: unknown[]) => {
      const where = context(rest);
      if (CONSTRUCTION.has(where.context ?? '')) logger.debug(where, text(message));
      else logger.info(where, text(message));
    },
    warn: (message: unknown, ...rest: unknown[]) => logger.warn(context(rest), text(message)),
    error: (message: unknown, ...rest: unknown[]) => logger.error(context(rest), text(message)),
    debug: (message: unknown, ...rest: unknown[]) => logger.debug(context(rest), text(message)),
    verbose: (message: unknown, ...rest: unknown[]) => logger.trace(context(rest), text(message)),
    fatal: (message: unknown, ...rest: unknown[]) => logger.fatal(context(rest), text(message)),
  };
}
