import { nodesAt, parseElement, MalformedXml, type XmlNode } from '@yidian/connectors/iso20022/xml-tree';

/** Who stands on the other side of an entry, and the text it carries: what attributes money that has no number of ours. */
export interface EntryTexts {
  counterparty: string;
  note: string;
}

const PARTIES = ['Dbtr', 'UltmtDbtr', 'Cdtr', 'UltmtCdtr'];
const ACCOUNTS = ['DbtrAcct', 'CdtrAcct'];

/** @param raw one `Ntry` or `TxDtls` as it stands in the statement */
export function entryTexts(raw: string): EntryTexts {
  let node: XmlNode;
  try {
    node = parseElement(raw);
  } catch (error) {
    if (error instanceof MalformedXml) return { counterparty: '', note: '' };
    throw error;
  }
  const details = node.name === 'TxDtls' ? [node] : nodesAt(node, 'NtryDtls', 'TxDtls');
  const parties = details.flatMap((detail) => nodesAt(detail, 'RltdPties'));
  const names = parties.flatMap((party) =>
    PARTIES.flatMap((role) => [...nodesAt(party, role, 'Nm'), ...nodesAt(party, role, 'Pty', 'Nm')]),
  );
  const accounts = parties.flatMap((party) =>
    ACCOUNTS.flatMap((role) => [...nodesAt(party, role, 'Id', 'IBAN'), ...nodesAt(party, role, 'Id', 'Othr', 'Id')]),
  );
  const notes = [
    ...details.flatMap((detail) => nodesAt(detail, 'RmtInf', 'Ustrd')),
    ...details.flatMap((detail) => nodesAt(detail, 'AddtlTxInf')),
    ...nodesAt(node, 'AddtlNtryInf'),
  ];
  return { counterparty: joined([...names, ...accounts], 140), note: joined(notes, 280) };
}

const joined = (nodes: readonly XmlNode[], letters: number): string =>
  [...new Set(nodes.map(({ text }) => text).filter((text) => text !== ''))].join(' ').slice(0, letters);
