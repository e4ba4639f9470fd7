import { XMLParser } from 'fast-xml-parser';

/** One element as another reader sees it: name, text of a leaf, children in their order, attributes. */
export interface Element {
  name: string;
  text: string;
  children: Element[];
  attributes: Record<string, string>;
}

type Raw = Record<string, unknown>;

/** The whole file, order kept, by a reader that shares nothing with our writer. @throws when it is no XML */
export function readXml(content: Buffer): Element {
  const parser = new XMLParser({ preserveOrder: true, ignoreAttributes: false, parseTagValue: false });
  const elements = (parser.parse(content, true) as Raw[]).map(elementOf).filter(({ name }) => name !== '?xml');
  if (!elements[0] || elements.length > 1) throw new Error('a document has one root');
  return elements[0];
}

function elementOf(raw: Raw): Element {
  const name = Object.keys(raw).find((key) => key !== ':@') ?? '';
  const inside = raw[name] as Raw[];
  return {
    name,
    text: inside.map((one) => (typeof one['#text'] === 'string' ? one['#text'] : '')).join(''),
    children: inside.filter((one) => one['#text'] === undefined).map(elementOf),
    attributes: (raw[':@'] ?? {}) as Record<string, string>,
  };
}

/** Every element at a path below one, a step a name. */
export const at = (element: Element, ...path: string[]): Element[] =>
  path.reduce((found, name) => found.flatMap(({ children }) => children.filter((one) => one.name === name)), [element]);

export const textAt = (element: Element, ...path: string[]): string => at(element, ...path)[0]?.text ?? '';

const account = ['Id', 'Tp?', 'Ccy?', 'Nm?'];
const party = ['Nm?', 'PstlAdr?', 'Id?', 'CtryOfRes?', 'CtctDtls?'];
const bank = ['FinInstnId', 'BrnchId?'];

/**
 * Sequences of pain.001.001.03 (CustomerCreditTransferInitiationV03, ISO 20022 message definition report "Payments
 * Initiation"), as far as a file of transfers has them: `?` may be missing, `*` any number, `+` one or more, `|` one of both.
 */
const SEQUENCES: Readonly<Record<string, readonly string[]>> = {
  Document: ['CstmrCdtTrfInitn'],
  CstmrCdtTrfInitn: ['GrpHdr', 'PmtInf+'],
  GrpHdr: ['MsgId', 'CreDtTm', 'Authstn*', 'NbOfTxs', 'CtrlSum?', 'InitgPty', 'FwdgAgt?'],
  PmtInf: [
    ...['PmtInfId', 'PmtMtd', 'BtchBookg?', 'NbOfTxs?', 'CtrlSum?', 'PmtTpInf?', 'ReqdExctnDt', 'PoolgAdjstmntDt?'],
    ...['Dbtr', 'DbtrAcct', 'DbtrAgt', 'DbtrAgtAcct?', 'UltmtDbtr?', 'ChrgBr?', 'ChrgsAcct?', 'ChrgsAcctAgt?'],
    'CdtTrfTxInf+',
  ],
  CdtTrfTxInf: [
    ...['PmtId', 'PmtTpInf?', 'Amt', 'XchgRateInf?', 'ChrgBr?', 'ChqInstr?', 'UltmtDbtr?', 'IntrmyAgt1?', 'CdtrAgt?'],
    ...['CdtrAgtAcct?', 'Cdtr?', 'CdtrAcct?', 'UltmtCdtr?', 'InstrForCdtrAgt*', 'InstrForDbtrAgt?', 'Purp?'],
    ...['RgltryRptg*', 'Tax?', 'RltdRmtInf*', 'RmtInf?'],
  ],
  PmtId: ['InstrId?', 'EndToEndId'],
  Amt: ['InstdAmt|EqvtAmt'],
  ...{ DbtrAcct: account, CdtrAcct: account, InitgPty: party, Dbtr: party, Cdtr: party, DbtrAgt: bank, CdtrAgt: bank },
  FinInstnId: ['BIC?', 'ClrSysMmbId?', 'Nm?', 'PstlAdr?', 'Othr?'],
  Id: ['IBAN|Othr'],
  Othr: ['Id', 'SchmeNm?', 'Issr?'],
  RmtInf: ['Ustrd*', 'Strd*'],
};

const max = (letters: number) => new RegExp(`^[^]{1,${letters}}$`, 'u');
const LEAVES: Readonly<Record<string, RegExp>> = {
  ...{ MsgId: max(35), PmtInfId: max(35), InstrId: max(35), EndToEndId: max(35), Nm: max(140), Ustrd: max(140) },
  ...{ NbOfTxs: /^\d{1,15}$/, CtrlSum: /^(?=.{1,19}$)\d+(\.\d{1,17})?$/, PmtMtd: /^(CHK|TRF|TRA)$/ },
  ...{ BtchBookg: /^(true|false|0|1)$/, ReqdExctnDt: /^\d{4}-\d\d-\d\d$/, ChrgBr: /^(DEBT|CRED|SHAR|SLEV)$/ },
  CreDtTm: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$/,
  InstdAmt: /^(?=.{1,19}$)(?!0*(\.0*)?$)\d+(\.\d{1,5})?$/,
  BIC: /^[A-Z]{6}[A-Z2-9][A-NP-Z0-9]([A-Z0-9]{3})?$/,
  IBAN: /^[A-Z]{2}\d\d[a-zA-Z0-9]{1,30}$/,
  Id: max(34),
};

/** What a bank's own check would not take; empty when the file is as the definition says. */
export function pain001Faults(element: Element, path = element.name): string[] {
  const { name, children, text } = element;
  if (children.length === 0) {
    const leaf = LEAVES[name];
    if (!leaf) return [`${path}: empty, or not known`];
    return leaf.test(text) ? [] : [`${path}: "${text}"`];
  }
  const sequence = SEQUENCES[name];
  if (!sequence) return [`${path}: not known`];
  if (text.trim() !== '') return [`${path}: text beside elements`];
  const order = children.map((child) => `${child.name} `).join('');
  const wanted = new RegExp(`^${sequence.map(patternOf).join('')}$`);
  const faults = wanted.test(order) ? [] : [`${path}: ${order.trim()}`];
  return [...faults, ...children.flatMap((child) => pain001Faults(child, `${path}/${child.name}`))];
}

function patternOf(item: string): string {
  const [, names = '', count = ''] = /^([A-Za-z0-9|]+)([?*+]?)$/.exec(item) ?? [];
  return `(?:(?:${names}) )${count}`;
}
