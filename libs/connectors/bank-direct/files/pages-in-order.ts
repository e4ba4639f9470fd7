/** A file that may be a page of a paged message: its name at the bank and its first bytes, where the group header stands. */
export interface NamedPage {
  name: string;
  head: Buffer;
}

const PAGINATION =
  /<(?:[\w.-]+:)?MsgPgntn>\s*<(?:[\w.-]+:)?PgNb>\s*(\d{1,5})\s*<[^>]+>\s*<(?:[\w.-]+:)?LastPgInd>\s*(true|false|1|0)\s*</;

/**
 * Several files of one date: the names of the pages of one message in their order. `incomplete` while a page is still to
 * come; null when they are not pages of one message, and nobody may choose among them.
 */
export function pagesInOrder(files: readonly NamedPage[]): string[] | 'incomplete' | null {
  const pages = files.flatMap(pageOf);
  if (pages.length !== files.length || new Set(pages.map(({ number }) => number)).size !== pages.length) return null;
  const ordered = pages.sort((a, b) => a.number - b.number);
  const complete = ordered.at(-1)?.last === true && ordered.every(({ number }, at) => number === at + 1);
  return complete ? ordered.map(({ name }) => name) : 'incomplete';
}

function pageOf({ name, head }: NamedPage): { name: string; number: number; last: boolean }[] {
  const [, number, last] = PAGINATION.exec(head.toString('latin1')) ?? [];
  if (number === undefined) return [];
  return [{ name, number: Number.parseInt(number, 10), last: last === 'true' || last === '1' }];
}
