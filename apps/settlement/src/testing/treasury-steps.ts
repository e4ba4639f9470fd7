import {
  camt053Text,
  entryText,
  statementText,
  transaction,
  type PlayedEntry,
} from '@yidian/connectors/iso20022/played-camt';
import type { PayoutRunView, ProposedRunReply } from '@yidian/contracts';
import type { RpcClient } from '@yidian/messaging';
import { formatMajor } from '@yidian/money';
import { GUANGDONG, HUBEI } from './lines';

/** The account that played statements are of. */
export const OUR_IBAN = 'DE02100100100006820101';

export const TREASURY = {
  accounts: [{ code: 'main', name: 'Carrier headquarters', account: OUR_IBAN, bic: 'BKCHCNBJXXX' }],
  providers: [
    { provider: 'bank_a', arrives: 'payout', recognisedBy: ['BANK A SETTLEMENT'], setOff: true },
    { provider: 'demo_shop', arrives: 'remittance', recognisedBy: ['DEMO SHOP'] },
    { provider: 'demo_kiosk', arrives: 'prefund', recognisedBy: ['DEMO KIOSK'] },
  ],
  payeeWaitHours: 0,
};

/** One booking: + came in, − went out. */
export interface Booked {
  amount: bigint;
  bankRef: string;
  /** Repeated by the bank: a payout's number, a file's id. */
  ours?: string;
  from?: string;
  returned?: boolean;
}

function played({ amount, bankRef, ours, from, returned }: Booked): PlayedEntry {
  const party = from ? `<RltdPties><Dbtr><Nm>${from}</Nm></Dbtr></RltdPties>` : '';
  return {
    amount: formatMajor(amount < 0n ? -amount : amount),
    indicator: amount < 0n ? 'DBIT' : 'CRDT',
    reference: bankRef,
    ...(returned ? { members: '<RvslInd>true</RvslInd>' } : {}),
    details: transaction(ours ?? 'NOTPROVIDED', party),
  };
}

/** An account statement as banks send it. */
export const camtOf = (...entries: Booked[]): string =>
  camt053Text(statementText(entries.map((entry) => entryText(played(entry))).join('')));

export const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Every step a person or a bank takes, over settlement's socket. */
export class TreasurySteps {
  constructor(private readonly client: () => RpcClient<'settlement'>) {}

  import(...entries: Booked[]) {
    return this.client().call('bank.import', {
      account: 'main',
      contentBase64: base64(camtOf(...entries)),
      actor: 'clerk',
    });
  }

  /** Proposed by one, approved by another, without a wait. */
  async payee(
    partyKind: 'branch' | 'partner' | 'provider' | 'payer',
    party: string,
    account = `CN00${party.replaceAll('_', '').toUpperCase()}`,
  ): Promise<string> {
    const change = {
      partyKind,
      party,
      name: `Payee ${party}`,
      account,
      bic: 'ICBKCNBJ',
      reason: 'contract',
      actor: 'maker',
    };
    const { id } = await this.client().call('payees.propose', change);
    await this.client().call('payees.decide', { id, decision: 'approve', actor: 'checker' });
    return id;
  }

  async branchPayees(): Promise<void> {
    for (const branch of [HUBEI, GUANGDONG]) await this.payee('branch', branch);
  }

  propose(
    more: {
      parties?: { kind: 'branch' | 'partner' | 'provider'; code: string }[];
      refunds?: { paymentNo: string; branch: string; amount: string }[];
      period?: string;
    } = {},
  ): Promise<ProposedRunReply> {
    return this.client().call('payouts.propose', { account: 'main', actor: 'maker', ...more });
  }

  /** Proposed and approved by three people: the file has left. */
  async send(more: Parameters<TreasurySteps['propose']>[0] = {}): Promise<PayoutRunView> {
    const { run } = await this.propose(more);
    if (!run) throw new Error('nobody is to be paid');
    await this.client().call('payouts.approve', { runId: run.runId, actor: 'checker.one' });
    return this.client().call('payouts.approve', { runId: run.runId, actor: 'checker.two' });
  }

  status(run: PayoutRunView, statuses: readonly { number: string; status: string; reason?: string }[]) {
    return this.client().call('payouts.status', {
      ...{ contentBase64: base64(pain002(run.messageId, statuses)), date: '2026-12-01', actor: 'bank' },
    });
  }
}

export function pain002(
  messageId: string,
  statuses: readonly { number: string; status: string; reason?: string }[],
): string {
  const orders = statuses.map(
    ({ number, status, reason }) =>
      `<TxInfAndSts><OrgnlEndToEndId>${number}</OrgnlEndToEndId><TxSts>${status}</TxSts>` +
      (reason ? `<StsRsnInf><Rsn><Cd>${reason}</Cd></Rsn></StsRsnInf>` : '') +
      '</TxInfAndSts>',
  );
  return (
    '<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt>' +
    '<GrpHdr><MsgId>ST1</MsgId><CreDtTm>2026-12-01T09:00:00+08:00</CreDtTm></GrpHdr>' +
    `<OrgnlGrpInfAndSts><OrgnlMsgId>${messageId}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.03</OrgnlMsgNmId></OrgnlGrpInfAndSts>` +
    `<OrgnlPmtInfAndSts><OrgnlPmtInfId>${messageId}-1</OrgnlPmtInfId>${orders.join('')}</OrgnlPmtInfAndSts>` +
    '</CstmrPmtStsRpt></Document>'
  );
}
