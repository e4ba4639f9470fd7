import { flowZip, tradeZip } from '@yidian/connectors/alipay/wire-bill';
import {
  camt053Text,
  balanceText,
  entryText,
  statementText,
  transaction,
} from '@yidian/connectors/iso20022/played-camt';
import { REPORT_COLUMNS } from '@yidian/connectors/stripe/report-rows';
import { reportCsv } from '@yidian/connectors/stripe/wire-report';
import { zmFile, zmName, zmRecord } from '@yidian/connectors/unionpay/wire-zm';
import { fundFlowBill, tradeBill } from '@yidian/connectors/wechat-pay/wire-bill';
import { gzipSync } from 'node:zlib';
import { readAll } from '../testing/read-all';
import { DATE, StatementStage } from '../testing/statement-stage';
import type { NamedLine, StatementLine } from './statement';

const PAID_NO = '2611220000000000000101';
const BACK_NO = '26112200000000000001R01';
const at = (time: string) => new Date(`${DATE}T${time}+08:00`);

const alipay = { account: '20880000000000010156', date: DATE, exportedAt: at('23:59:00') };
const alipayPaid = {
  ...{ kind: '交易' as const, tradeNo: 'A1', orderNo: PAID_NO, refundNo: '', subject: '话费', payer: '*三' },
  ...{ createdAt: at('12:00:00'), doneAt: at('12:00:05'), amount: 5000n, fee: '-0.30' },
};
const alipayBack = { ...alipayPaid, kind: '退款' as const, refundNo: BACK_NO, amount: -2000n, fee: '0.12' };
const flow = { orderNo: PAID_NO, subject: '话费', payer: '*三', balance: 0n };

const wechatPaid = {
  ...{ at: at('12:00:00'), state: 'SUCCESS' as const, orderNo: PAID_NO, transactionId: 'W1', tradeType: 'NATIVE' },
  ...{ amount: 5000n, fee: 30n, note: '' },
};
const wechatBack = {
  ...{ ...wechatPaid, state: 'REFUND' as const, fee: -12n },
  refund: { no: BACK_NO, id: 'WR1', amount: 2000n, status: 'PROCESSING' },
};
const moved = { at: at('20:00:00'), name: '交易', voucher: '', balance: 0n };

const unionPaid = {
  at: at('12:00:00'),
  txnType: '01' as const,
  orderNo: PAID_NO,
  queryId: '442611221204052678498',
  amount: 5000n,
  fee: 30n,
};

const stripe = (category: string, amount: bigint, fee: bigint, cells: Record<string, string>) => ({
  ...{ amount, fee, currency: 'cny', at: at('12:00:00'), category },
  cells: { balance_transaction_id: `txn_${category}`, reporting_category: category, ...cells },
});
const STRIPE = [
  stripe('charge', 5000n, 170n, {
    source_id: 'ch_1',
    payment_intent_id: 'pi_1',
    'payment_metadata[order_no]': PAID_NO,
  }),
  stripe('dispute', -5000n, 1500n, {
    source_id: 'dp_1',
    payment_intent_id: 'pi_1',
    'payment_metadata[order_no]': PAID_NO,
  }),
  stripe('dispute_reversal', 5000n, 0n, { source_id: 'dp_1', payment_intent_id: 'pi_1' }),
  stripe('fee', -200n, 0n, { source_id: 'fee_1' }),
  stripe('payout', -3000n, 0n, { source_id: 'po_1' }),
];

const CAMT = camt053Text(
  statementText(
    [
      balanceText('OPBD', '100.00'),
      balanceText('CLBD', '69.00'),
      entryText({ amount: '50.00', reference: 'B1', details: transaction(PAID_NO) }),
      entryText({ amount: '50.00', indicator: 'DBIT', reference: 'B2', details: transaction(PAID_NO) }),
      entryText({ amount: '30.00', indicator: 'DBIT', reference: 'B3', details: transaction('somebody') }),
      entryText({ amount: '1.00', indicator: 'DBIT', reference: 'B4', details: transaction(BACK_NO) }),
    ].join(''),
  ),
);
const MT940 = [
  ':20:YD1',
  ':25:622848000000',
  ':28C:326/1',
  ':60F:C261121CNY100,',
  `:61:2611221122C50,00NTRF${PAID_NO}//M1`,
  `:61:2611221122D2,00NCHGNONREF//M2`,
  ':62F:C261122CNY148,',
].join('\n');

interface Case {
  connector: string;
  fileName: string;
  bytes: Buffer | string;
  format: string;
  lines: string[];
  named?: string[];
}
/** kind, our number, transaction, sum, fee; `!` taken back by the provider, `~` not final */
const line = ({ kind, ourRef, txnId, amount, fee, returned, state }: StatementLine) =>
  `${returned ? '!' : ''}${state === 'notice' ? '~' : ''}${kind} ${ourRef} ${txnId} ${amount} ${fee}`;
const named = ({ kind, txnId, amount }: NamedLine) => `${kind} ${txnId} ${amount}`;

const CASES: [string, Case][] = [
  [
    'Alipay, trades',
    {
      ...{ connector: 'alipay', fileName: 'day.zip', format: 'alipay-trade' },
      bytes: tradeZip([alipayPaid, alipayBack], alipay),
      lines: [`payment ${PAID_NO} A1 5000 30`, `refund ${BACK_NO} A1 -2000 -12`],
    },
  ],
  [
    'Alipay, fund flow',
    {
      ...{ connector: 'alipay', fileName: 'day.zip', format: 'alipay-signcustomer' },
      bytes: flowZip(
        [
          { ...flow, flowNo: 'F1', tradeNo: 'A1', at: at('12:00:00'), amount: 5000n, type: '在线支付' },
          { ...flow, flowNo: 'F2', tradeNo: 'A1', at: at('12:00:00'), amount: -30n, type: '收费' },
          { ...flow, flowNo: 'F3', tradeNo: 'A9', at: at('20:00:00'), amount: -3000n, type: '提现', orderNo: '' },
        ],
        alipay,
      ),
      lines: [`payment ${PAID_NO} A1 5000 0`],
      named: ['fee A1 -30', 'payout A9 -3000'],
    },
  ],
  [
    'WeChat Pay, trades, compressed',
    {
      ...{ connector: 'wechat-pay', fileName: 'day.csv.gz', format: 'wechat-trade' },
      bytes: gzipSync(tradeBill([wechatPaid, wechatBack], { mchid: '1', appid: 'wx', type: 'ALL' })),
      lines: [`payment ${PAID_NO} W1 5000 30`, `~refund ${BACK_NO} WR1 -2000 -12`],
    },
  ],
  [
    'WeChat Pay, fund flow',
    {
      ...{ connector: 'wechat-pay', fileName: 'day.csv', format: 'wechat-fundflow' },
      bytes: fundFlowBill([
        { ...moved, id: 'W1', flow: 'F1', type: '交易', amount: 5000n, voucher: PAID_NO },
        { ...moved, id: 'W1', flow: 'F2', type: '扣除交易手续费', name: '扣除交易手续费', amount: -30n },
        { ...moved, id: 'W9', flow: 'F3', type: '提现', name: '基本账户提现', amount: -3000n },
      ]),
      lines: [`payment ${PAID_NO} W1 5000 0`],
      named: ['fee W1 -30', 'payout W9 -3000'],
    },
  ],
  [
    'UnionPay, fixed width',
    {
      ...{ connector: 'unionpay', fileName: zmName('ZM', DATE, '802310048993424'), format: 'unionpay-zm' },
      bytes: zmFile([zmRecord(unionPaid, '802310048993424')]),
      lines: [`payment ${PAID_NO} 442611221204052678498 5000 30`],
    },
  ],
  [
    'Stripe, with a dispute lost, a dispute won, a charge and a payout',
    {
      ...{ connector: 'stripe', fileName: 'day.stripe-balance.csv', format: 'stripe-balance' },
      bytes: reportCsv(STRIPE, REPORT_COLUMNS),
      lines: [`payment ${PAID_NO} pi_1 5000 170`, `!refund  dp_1 -5000 1500`],
      named: ['return dp_1 5000', 'fee fee_1 -200', 'payout po_1 -3000'],
    },
  ],
  [
    'a bank, camt.053',
    {
      ...{ connector: 'bank-direct', fileName: 'day.xml', format: 'camt.053' },
      bytes: CAMT,
      lines: [`payment ${PAID_NO} B1 5000 0`, `!refund ${PAID_NO} B2 -5000 0`, `refund ${BACK_NO} B4 -100 0`],
      named: ['other B3 -3000'],
    },
  ],
  [
    'a bank, MT940',
    {
      ...{ connector: 'bank-direct', fileName: 'day.sta', format: 'MT940' },
      bytes: MT940,
      lines: [`payment ${PAID_NO} M1 5000 0`],
      named: ['fee M2 -200'],
    },
  ],
];

describe('statements as their providers write them', () => {
  let stage: StatementStage;
  beforeEach(async () => void (stage = await StatementStage.open()));
  afterEach(() => stage.close());

  test.each(CASES)('%s', async (_name, wanted) => {
    stage.providers.set('p', { connector: wanted.connector });
    stage.play(wanted.bytes, { provider: 'p', fileName: wanted.fileName });
    expect(await stage.night({ provider: 'p' })).toMatchObject({ kind: 'done' });
    const file = await stage.current('p');
    expect(file).toMatchObject({ state: 'accepted', findings: [], format: wanted.format });
    const read = await readAll(stage.read, file, wanted.connector);
    expect(read.lines.map(line)).toEqual(wanted.lines);
    expect(read.named.map(named)).toEqual(wanted.named ?? []);
    const rows = await stage.rows.items(file, 0, 100);
    expect(rows.map(named)).toEqual(wanted.named ?? []);
    const sums = Object.values(file.totals?.named ?? {}).reduce((sum, { amount }) => sum + amount, 0n);
    expect(sums).toBe(rows.reduce((sum, { amount }) => sum + amount, 0n));
    expect(file.totals).toMatchObject({ lines: wanted.lines.length, unread: 0n });
  });

  test('money that is neither a charge nor a payout is told once', async () => {
    stage.play(CAMT, { fileName: 'day.xml' });
    await stage.night();
    await stage.parse.run(stage.step('parse'));
    expect(await stage.alarms()).toEqual([{ kind: 'unexplained_money', detail: '1 of kind other, sum -3000' }]);
  });
});
