import type { StatementFormat } from '../contract';
import { CAMT_FORMATS } from '../iso20022/camt-format';
import { orZipped } from '../packed/zipped-format';
import { YD1 } from './statement-format';
import { MT_FORMATS } from './swift/mt-format';

/**
 * What banks send: our own delimited format, ISO 20022 messages, SWIFT messages, the latter two also several in a zip. Told
 * apart by their first bytes.
 */
export const BANK_FORMATS: readonly StatementFormat[] = [YD1, ...[...CAMT_FORMATS, ...MT_FORMATS].map(orZipped)];
