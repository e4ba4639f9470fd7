import { MoneyError } from '@yidian/money';
import { declined, type Outcome, type Taken } from '../contract/answers';
import { UnreadableFile } from '../contract/statement';
import { amountIn } from './camt-amounts';
import { instantIn, instantOf } from './camt-dates';
import { reasonOfCode } from './status-reasons';
import { decoderOf, utf16Undone } from './text-encoding';
import { XmlCutter, type XmlPiece } from './xml-cutter';
import { MalformedXml, nodeAt, nodesAt, parseElement, textAt, type XmlNode } from './xml-tree';

/** What a status report says of a whole file of ours, or of one part of it. */
export interface PartStatus {
  level: 'file' | 'part';
  /** Message id of the file. */
  messageId: string;
  /** '' for the file itself. */
  partId: string;
  /** Of every order it does not tell of by itself; null: the orders are told one by one. */
  answer: Outcome<Taken> | null;
  status: string;
  reasonCode: string;
}

export interface OrderStatus {
  messageId: string;
  partId: string;
  /** Attempt, payout or refund number. */
  number: string;
  answer: Outcome<Taken>;
  status: string;
  reasonCode: string;
  /** The bank's own words, for operators. */
  text: string;
}

export interface StatusSink {
  part(status: PartStatus): void | Promise<void>;
  order(status: OrderStatus): void | Promise<void>;
  /** Could not be read; the order it is about stays as it was. */
  finding(reason: string, raw: Buffer): void | Promise<void>;
}

const SETTLED = new Set(['ACSC', 'ACCC']);
/** Accepted on the way, received, waiting: nothing is decided. */
const UNDER_WAY = new Set(['ACCP', 'ACSP', 'ACTC', 'ACWC', 'ACWP', 'ACFC', 'ACPD', 'PATC', 'PDNG', 'RCVD', 'ACIS']);

/**
 * pain.002, every version, as a stream. Only the bank's explicit word ends an order: settled, or rejected; what is accepted
 * is pending, and a status nobody listed is not known.
 * @throws UnreadableFile when it is no status report
 */
export async function readStatusReport(source: AsyncIterable<Uint8Array>, sink: StatusSink): Promise<void> {
  const { source: bytes } = await utf16Undone(source);
  let known = false;
  const cutter = new XmlCutter(bytes, (name, path) => {
    if (/^(?:CstmrPmtStsRpt|PmtStsRpt)/.test(name) || name.startsWith('pain.002')) return (known = true);
    return known ? name === 'OrgnlPmtInfAndSts' : path.length < 3 && name !== 'AppHdr';
  });
  const report = new Report(cutter, sink);
  try {
    for (let piece = await cutter.next(); piece; piece = await cutter.next()) await report.take(piece);
    if (!known) throw new MalformedXml('no payment status report');
  } catch (error) {
    if (!(error instanceof MalformedXml)) throw error;
    if (!known) throw new UnreadableFile(error.message, { cause: error });
    await sink.finding(error.message, cutter.rest(4_096).raw);
  }
  await report.endPart();
}

class Report {
  private messageId = '';
  private part: { id: string; told: boolean; members: XmlNode[] } | null = null;

  constructor(
    private readonly cutter: XmlCutter,
    private readonly sink: StatusSink,
  ) {}

  async take(piece: XmlPiece): Promise<void> {
    if (piece.name === 'OrgnlPmtInfAndSts' && piece.kind === 'open') this.part = { id: '', told: false, members: [] };
    if (piece.name === 'OrgnlPmtInfAndSts' && piece.kind === 'close') await this.endPart();
    if (piece.kind !== 'element') return;
    const raw = Buffer.from(piece.raw.subarray(piece.at));
    try {
      const node = this.node(raw);
      if (piece.name === 'OrgnlGrpInfAndSts') await this.file(node);
      else if (piece.name === 'TxInfAndSts') await this.order(node);
      else if (this.part) this.member(node);
    } catch (error) {
      if (!(error instanceof MalformedXml) && !(error instanceof MoneyError)) throw error;
      await this.sink.finding(error.message, raw);
    }
  }

  /** The part's status stands before its orders, so it is told when the first of them or the end comes. */
  async endPart(): Promise<void> {
    const { part } = this;
    this.part = null;
    if (part) await this.tellPart(part);
  }

  private member(node: XmlNode): void {
    this.part?.members.push(node);
    if (this.part && node.name === 'OrgnlPmtInfId') this.part.id = node.text;
  }

  private async tellPart(part: NonNullable<typeof this.part>): Promise<void> {
    if (part.told) return;
    part.told = true;
    const whole: XmlNode = { name: 'OrgnlPmtInfAndSts', attributes: {}, children: part.members, text: '' };
    const status = textAt(whole, 'PmtInfSts');
    if (status === '') return;
    const reasonCode = codeIn(whole);
    const answer = wholeAnswer(status, reasonCode);
    const { messageId } = this;
    await this.sink.part({ level: 'part', messageId, partId: part.id, answer, status, reasonCode });
  }

  private async file(node: XmlNode): Promise<void> {
    this.messageId = textAt(node, 'OrgnlMsgId');
    const status = textAt(node, 'GrpSts');
    if (status === '') return;
    const reasonCode = codeIn(node);
    const answer = wholeAnswer(status, reasonCode);
    await this.sink.part({ level: 'file', messageId: this.messageId, partId: '', answer, status, reasonCode });
  }

  private async order(node: XmlNode): Promise<void> {
    if (this.part) await this.tellPart(this.part);
    const number = [textAt(node, 'OrgnlEndToEndId'), textAt(node, 'OrgnlInstrId')].find(
      (text) => text !== '' && text !== 'NOTPROVIDED',
    );
    if (number === undefined) throw new MalformedXml('a status without the number of an order');
    const status = textAt(node, 'TxSts') || textAt(node, 'TxSts', 'Cd');
    const reasonCode = codeIn(node);
    await this.sink.order({
      messageId: this.messageId,
      partId: this.part?.id ?? '',
      number,
      status,
      reasonCode,
      answer: orderAnswer(node, number, status, reasonCode),
      text: nodesAt(node, 'StsRsnInf', 'AddtlInf').map((info) => info.text).join(' '), // prettier-ignore
    });
  }

  /** @throws MalformedXml */
  private node(raw: Buffer): XmlNode {
    const decoder = decoderOf(this.cutter.encoding);
    if (!decoder) throw new UnreadableFile('an encoding that is not taken');
    try {
      return parseElement(decoder.decode(raw));
    } catch (error) {
      throw error instanceof MalformedXml ? error : new MalformedXml('bytes that are not of the encoding');
    }
  }
}

function codeIn(node: XmlNode): string {
  const reason = nodeAt(node, 'StsRsnInf', 'Rsn') ?? nodeAt(node, 'StsRsnInf', 'StsRsn');
  return textAt(reason, 'Cd') || textAt(reason, 'Prtry');
}

/** A whole that is settled proves no single order's sum; its orders are asked for in the statement. */
function wholeAnswer(status: string, reasonCode: string): Outcome<Taken> | null {
  if (status === 'RJCT') return declined(reasonOfCode(reasonCode));
  if (status === 'PART') return null;
  if (SETTLED.has(status) || UNDER_WAY.has(status)) return { outcome: 'pending' };
  return { outcome: 'unknown', cause: 'a status nobody listed' };
}

/** @throws MoneyError */
function orderAnswer(node: XmlNode, number: string, status: string, reasonCode: string): Outcome<Taken> {
  const providerTxnId = textAt(node, 'AcctSvcrRef') || textAt(node, 'ClrSysRef') || textAt(node, 'StsId');
  if (status === 'RJCT' || status === 'CANC') return declined(reasonOfCode(reasonCode), providerTxnId);
  if (UNDER_WAY.has(status)) return { outcome: 'pending' };
  if (!SETTLED.has(status)) return { outcome: 'unknown', cause: 'a status nobody listed' };
  const original = nodeAt(node, 'OrgnlTxRef');
  const sum = nodeAt(original, 'Amt', 'InstdAmt') ?? nodeAt(original, 'IntrBkSttlmAmt');
  if (!sum || providerTxnId === '') return { outcome: 'unknown', cause: 'a success that lacks its sum' };
  const completedAt = instantOf(textAt(node, 'AccptncDtTm')) ?? instantIn(nodeAt(original, 'IntrBkSttlmDt'));
  const day = textAt(original, 'IntrBkSttlmDt') || textAt(original, 'ReqdColltnDt');
  return {
    outcome: 'succeeded',
    orderNo: number,
    providerTxnId,
    ...amountIn(sum),
    businessDate: /^\d{4}-\d{2}-\d{2}$/.test(day) ? day : null,
    completedAt: completedAt ?? new Date(),
  };
}
