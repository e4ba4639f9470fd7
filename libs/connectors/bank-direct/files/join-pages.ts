/** A page of a paged message, as a bank sends it in a file of its own. */
interface FilePage {
  content: Buffer;
  number: number;
  last: boolean;
}

/** The group header stands at the beginning. */
const HEAD_BYTES = 64 * 1024;
const PAGINATION =
  /<(?:[\w.-]+:)?MsgPgntn>\s*<(?:[\w.-]+:)?PgNb>\s*(\d{1,5})\s*<[^>]+>\s*<(?:[\w.-]+:)?LastPgInd>\s*(true|false|1|0)\s*</;

/**
 * Several files of one date: the pages of one message, put one behind the other in their order, byte by byte as they came.
 * `incomplete` while a page is still to come; null when they are not pages of one message, and nobody may choose among them.
 */
export function joinPages(files: readonly Buffer[]): Buffer | 'incomplete' | null {
  const pages = files.map(pageOf);
  if (pages.some((page) => page === null)) return null;
  const ordered = (pages as FilePage[]).sort((a, b) => a.number - b.number);
  if (new Set(ordered.map(({ number }) => number)).size !== ordered.length) return null;
  const last = ordered.at(-1);
  const complete = last?.last === true && ordered.every(({ number }, at) => number === at + 1);
  return complete ? Buffer.concat(ordered.map(({ content }) => content)) : 'incomplete';
}

function pageOf(content: Buffer): FilePage | null {
  const [, number, last] = PAGINATION.exec(content.toString('latin1', 0, HEAD_BYTES)) ?? [];
  if (number === undefined) return null;
  return { content, number: Number.parseInt(number, 10), last: last === 'true' || last === '1' };
}
