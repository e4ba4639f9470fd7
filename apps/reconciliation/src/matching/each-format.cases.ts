import { flowZip, tradeZip } from '@yidian/connectors/alipay/wire-bill';
import {
  balanceText,
  camt053Text,
  entryText,
  statementText as camtStatement,
  transaction,
} from '@yidian/connectors/iso20022/played-camt';
import { REPORT_COLUMNS } from '@yidian/connectors/stripe/report-rows';
import { reportCsv } from '@yidian/connectors/stripe/wire-report';
import { zmFile, zmRecord } from '@yidian/connectors/unionpay/wire-zm';
import { fundFlowBill, tradeBill } from '@yidian/connectors/wechat-pay/wire-bill';
import { formatMajor } from '@yidian/money';
import { gzipSync } from 'node:zlib';
import type { StatementLine } from '../statements/statement';
import { DAY } from './histories';

/** A provider's file of a history's lines, as far as its format can say them. */
export interface FormatCase {
  connector: string;
  fileName: string;
  /** Names no fee of a line: the fees of such lines are not compared. */
  feeless?: boolean;
  file(lines: readonly StatementLine[]): Buffer;
}

/** The order that a refund's own number, or its transaction, is of. */
const orderOf = ({ ourRef, origTxnId }: StatementLine): string => `${/\d{20}/.exec(ourRef || origTxnId)?.[0] ?? ''}01`;
const pays = ({ kind }: StatementLine): boolean => kind === 'payment';
const absolute = (amount: bigint): bigint => (amount < 0n ? -amount : amount);

const account = { account: '20880000000000010156', date: DAY, exportedAt: new Date(`${DAY}T23:59:00+08:00`) };

const alipay: FormatCase['file'] = (lines) =>
  tradeZip(
    lines.map((line) => ({
      ...{
        kind: pays(line) ? ('交易' as const) : ('退款' as const),
        tradeNo: pays(line) ? line.txnId : line.origTxnId,
      },
      ...{ orderNo: pays(line) ? line.ourRef : orderOf(line), refundNo: pays(line) ? '' : line.ourRef },
      ...{ subject: '话费充值', payer: '*三', createdAt: new Date(line.at), doneAt: new Date(line.at) },
      ...{ amount: line.amount, fee: formatMajor(-line.fee) },
    })),
    account,
  );

const alipayFlow: FormatCase['file'] = (lines) =>
  flowZip(
    lines.map((line) => ({
      ...{ flowNo: `F${line.txnId}`, tradeNo: pays(line) ? line.txnId : line.origTxnId, orderNo: orderOf(line) },
      ...{ subject: '话费充值', payer: '*三', at: new Date(line.at), amount: line.amount, balance: 0n },
      type: pays(line) ? '在线支付' : '退款',
    })),
    account,
  );

const wechat = (lines: readonly StatementLine[]): string =>
  tradeBill(
    lines.map((line) => ({
      ...{ at: new Date(line.at), tradeType: 'NATIVE', note: '话费充值', fee: line.fee },
      ...{ orderNo: pays(line) ? line.ourRef : orderOf(line), transactionId: pays(line) ? line.txnId : line.origTxnId },
      ...(pays(line)
        ? { state: 'SUCCESS' as const, amount: line.amount }
        : {
            ...{ state: line.kind === 'refund' ? ('REFUND' as const) : ('REVOKED' as const), amount: 0n },
            refund: { no: line.ourRef, id: line.txnId, amount: -line.amount, status: 'SUCCESS' },
          }),
    })),
    { mchid: '1', appid: 'wx', type: 'ALL' },
  );

const wechatFlow: FormatCase['file'] = (lines) =>
  Buffer.from(
    fundFlowBill(
      lines.map((line) => ({
        ...{
          at: new Date(line.at),
          id: pays(line) ? line.txnId : line.origTxnId,
          flow: `F${line.txnId}`,
          voucher: line.ourRef,
        },
        ...{ name: pays(line) ? '交易' : '退款', type: pays(line) ? '交易' : '退款', amount: line.amount, balance: 0n },
      })),
    ),
  );

const unionpay: FormatCase['file'] = (lines) =>
  zmFile(
    lines.map((line) =>
      zmRecord(
        {
          ...{ at: new Date(line.at), txnType: pays(line) ? '01' : line.kind === 'refund' ? '04' : '31' },
          ...{ orderNo: line.ourRef, queryId: line.txnId, amount: absolute(line.amount), fee: line.fee },
          ...(pays(line) ? {} : { original: { queryId: line.origTxnId, orderNo: orderOf(line) } }),
        },
        '802310048993424',
      ),
    ),
  );

const stripe: FormatCase['file'] = (lines) =>
  Buffer.from(
    reportCsv(
      lines.map((line, n) => ({
        ...{ amount: line.amount, fee: line.fee, currency: line.currency.toLowerCase(), at: new Date(line.at) },
        category: pays(line) ? 'charge' : 'refund',
        cells: {
          ...{ balance_transaction_id: `txn_${n}`, source_id: pays(line) ? `ch_${n}` : line.txnId },
          ...{ payment_intent_id: pays(line) ? line.txnId : line.origTxnId, description: 'top-up, "话费"' },
          'payment_metadata[order_no]': pays(line) ? line.ourRef : orderOf(line),
          'refund_metadata[refund_no]': pays(line) ? '' : line.ourRef,
        },
      })),
      REPORT_COLUMNS,
    ),
  );

const camt: FormatCase['file'] = (lines) => {
  const sum = lines.reduce((total, line) => total + line.amount, 0n);
  const entries = lines.map((line) =>
    entryText({
      ...{ amount: formatMajor(absolute(line.amount)), indicator: line.amount < 0n ? 'DBIT' : 'CRDT' },
      ...{ reference: line.txnId, details: transaction(line.ourRef) },
    }),
  );
  const closing = balanceText('CLBD', formatMajor(absolute(sum)), sum < 0n ? 'DBIT' : 'CRDT');
  return Buffer.from(camt053Text(camtStatement([balanceText('OPBD', '0.00'), closing, ...entries].join(''))));
};

const mt940: FormatCase['file'] = (lines) => {
  const comma = (amount: bigint): string => formatMajor(absolute(amount)).replace('.', ',');
  const sum = lines.reduce((total, line) => total + line.amount, 0n);
  const side = (amount: bigint): string => (amount < 0n ? 'D' : 'C');
  return Buffer.from(
    [
      ...[':20:YD1', ':25:622848000000', ':28C:326/1', ':60F:C261122CNY0,'],
      ...lines.map(
        ({ amount, ourRef, txnId }) => `:61:2611221122${side(amount)}${comma(amount)}NTRF${ourRef}//${txnId}`,
      ),
      ...[`:62F:${side(sum)}261122CNY${comma(sum)}`, ''],
    ].join('\n'),
  );
};

export const FORMATS: Record<string, FormatCase> = {
  'Alipay, trades': { connector: 'alipay', fileName: 'day.zip', file: alipay },
  'Alipay, fund flow': { connector: 'alipay', fileName: 'day.zip', feeless: true, file: alipayFlow },
  'WeChat Pay, trades': { connector: 'wechat-pay', fileName: 'day.csv', file: (lines) => Buffer.from(wechat(lines)) },
  'WeChat Pay, trades, compressed': {
    ...{ connector: 'wechat-pay', fileName: 'day.csv.gz' },
    file: (lines) => gzipSync(wechat(lines)),
  },
  'WeChat Pay, fund flow': { connector: 'wechat-pay', fileName: 'day.csv', feeless: true, file: wechatFlow },
  'UnionPay, fixed width': { connector: 'unionpay', fileName: 'INN26112288ZM_802310048993424', file: unionpay },
  Stripe: { connector: 'stripe', fileName: 'day.stripe-balance.csv', file: stripe },
  'a bank, camt.053': { connector: 'bank-direct', fileName: 'day.xml', feeless: true, file: camt },
  'a bank, MT940': { connector: 'bank-direct', fileName: 'day.sta', feeless: true, file: mt940 },
};
