import { nodeAt, textAt, type XmlNode } from './xml-tree';

/** Which page of a message or statement this is, and whether it is the last one. */
export interface Page {
  number: number;
  last: boolean;
}

/** A pagination element: `MsgPgntn` of a message, `StmtPgntn` of a statement. Null where it says nothing. */
export function pageIn(pagination: XmlNode | undefined): Page | null {
  const number = textAt(pagination, 'PgNb');
  if (!/^\d{1,5}$/.test(number)) return null;
  return { number: Number.parseInt(number, 10), last: ['true', '1'].includes(textAt(pagination, 'LastPgInd')) };
}

export const messagePage = (groupHeader: XmlNode): Page | null => pageIn(nodeAt(groupHeader, 'MsgPgntn'));
