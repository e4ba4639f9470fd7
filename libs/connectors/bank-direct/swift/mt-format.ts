import type { StatementFormat } from '../../contract/statement';
import { MtReader } from './mt-reader';

const LINE = /(?:^|[\n{:])\s*:(?:20|21|25P?|28C?|60[FM]|61|34F):/;
/** An interim report says so in its header block, or has a floor limit where a statement has an opening balance. */
const INTERIM = /\{2:[IO]942|(?:^|\n):(?:34F|90[CD]):/;

function mt(name: string, fits: (head: string) => boolean): StatementFormat {
  return {
    name,
    recognises: (head) => fits(head.toString('latin1')),
    read: (source, sink, origin) => new MtReader(sink, origin).read(source),
  };
}

/**
 * Customer statement (MT940) and interim transaction report (MT942), bare or in SWIFT blocks, several messages per file.
 * A pending or expected entry is a notice.
 */
export const MT_FORMATS: readonly StatementFormat[] = [
  mt('MT940', (head) => LINE.test(head) && !INTERIM.test(head)),
  mt('MT942', (head) => LINE.test(head) && INTERIM.test(head)),
];
