import { Injectable } from '@nestjs/common';
import type { KeyAnswer, RequestOf, ResolutionAction, ResolveAnswer } from '@yidian/contracts';
import { toDigits } from '@yidian/money';
import { Peers } from '../peers';
import { isStanding } from '../matching/result';
import { isGiveBack, takenBack } from './allowed-actions';
import { readTarget, type Break } from './break';
import type { DoorAnswer } from './door-answer';
import type { Resolution, SettleAs } from './resolutions.store';
import { carryOutStanding } from './standing-doors';

type GatewayItem = RequestOf<'gateway', 'payments.resolve'>['items'][number];
type GatewayAction = GatewayItem['action'];
type RepairOrder = NonNullable<GatewayItem['repair']>;

/** The provider took the money back: the payment has to follow, so the gateway takes the credit back itself. */
const RETURNS: readonly Break['class'][] = ['provider_return', 'reversed_by_provider'];

/**
 * Carries one step of an approved resolution to the write door of the service that owns the money. The same resolution
 * asks with the same key however often it is cut: nothing is done twice, and no answer is never taken for "no".
 */
@Injectable()
export class Doors {
  constructor(private readonly peers: Peers) {}

  async carryOut(row: Break, resolution: Resolution, action: ResolutionAction): Promise<DoorAnswer> {
    const own = isStanding(row) ? carryOutStanding(this.peers, row, resolution, action) : null;
    if (own) return own;
    switch (action) {
      case 'credit':
        return isGiveBack(row) ? this.giveBack(row, resolution) : this.gateway(row, resolution, action);
      case 'move_credit':
        return this.moveCredit(row, resolution);
      case 'confirm_paid':
      case 'confirm_declined':
      case 'refund_payer':
      case 'requery':
        return this.gateway(row, resolution, action);
      case 'reverse_credit':
        if (RETURNS.includes(row.class)) return this.gateway(row, resolution, action);
        return resolution.by_rule === 1 && row.only_if_balance === 1
          ? this.takeWhatIsThere(row, resolution)
          : this.takeBack(row, resolution);
      case 'claim_provider':
        return { kind: 'claimed', detail: 'claimed of the provider; ends when its later line is there' };
      case 'write_off':
        return { kind: 'done', detail: 'written off', settleAs: 'write_off' };
      case 'correct_fee':
        return { kind: 'done', detail: 'fee corrected', settleAs: 'correct_fee' };
      case 'accept':
        return { kind: 'done', detail: 'accepted as it is', settleAs: row.item_id === null ? null : 'accept' };
      case 'repair_gateway':
        return this.gateway(row, resolution, action, repairOrder(row, resolution));
      case 'carry':
        return { kind: 'refused', detail: 'carry has no write door' };
    }
  }

  private async gateway(
    row: Break,
    resolution: Resolution,
    action: GatewayAction,
    repair?: RepairOrder,
  ): Promise<DoorAnswer> {
    const { items } = await this.peers.gateway.call('payments.resolve', {
      items: [
        {
          key: `${resolution.rkey}-${resolution.step_no}`,
          paymentNo: row.payment_no,
          action,
          providerTxnId: row.provider_txn_id,
          provider: row.provider,
          businessDate: row.date,
          amount: toDigits(action === 'reverse_credit' ? takenBack(row) : (row.p_amount ?? row.g_amount ?? 0n)),
          evidence: evidence(row),
          actor: resolution.actor,
          ...(repair ? { repair } : {}),
        },
      ],
    });
    const answer = items[0];
    if (!answer) return { kind: 'working', detail: 'the gateway gave no answer' };
    return readGateway(row, action, answer);
  }

  /** Forced, after two people: the balance may go below zero. */
  private async takeBack(row: Break, resolution: Resolution): Promise<DoorAnswer> {
    const { items } = await this.peers.billing.call('credits.reverse', {
      items: [
        {
          ...orderOf(row, resolution),
          amount: toDigits(takenBack(row)),
        },
      ],
    });
    return readBilling(items[0], 'credit taken back', returnOf(row));
  }

  /** A refund that failed for good: what was taken for it goes back to the subscriber, once per refund number. */
  private async giveBack(row: Break, resolution: Resolution): Promise<DoorAnswer> {
    const { items } = await this.peers.billing.call('credits.giveBack', {
      items: [{ ...orderOf(row, resolution), refNo: row.ref_no }],
    });
    return readBilling(items[0], 'given back to the subscriber', null);
  }

  /** The credit goes to whose it should have been; its money follows from suspense, or from the branch it was settled with. */
  private async moveCredit(row: Break, resolution: Resolution): Promise<DoorAnswer> {
    if (resolution.target === null) return { kind: 'refused', detail: 'nobody said whose the credit should have been' };
    const { items } = await this.peers.billing.call('credits.move', {
      items: [{ ...orderOf(row, resolution), to: readTarget(resolution.target) }],
    });
    return readBilling(items[0], `credit moved to ${resolution.target}`, 'move_credit');
  }

  /** By rule only what the subscriber still has: a hold is refused where the balance is not there. */
  private async takeWhatIsThere(row: Break, resolution: Resolution): Promise<DoorAnswer> {
    const key = resolution.rkey;
    const { items: held } = await this.peers.billing.call('holds.place', {
      items: [{ key, paymentNo: row.payment_no, kind: 'refund', amount: toDigits(takenBack(row)), currency: 'CNY' }],
    });
    const hold = held[0]?.outcome;
    if (hold === 'rejected' || hold === 'conflict' || hold === 'voided')
      return { kind: 'refused', detail: `the balance is not there: ${held[0]?.reason ?? hold}` };
    if (hold !== 'held' && hold !== 'posted') return { kind: 'working', detail: `hold: ${hold ?? 'no answer'}` };
    const { items } = await this.peers.billing.call('holds.resolve', {
      items: [{ key, paymentNo: row.payment_no, action: 'post' }],
    });
    const outcome = items[0]?.outcome;
    return outcome === 'posted'
      ? { kind: 'done', detail: 'credit taken back from the balance', settleAs: returnOf(row) }
      : { kind: 'working', detail: `hold: ${outcome ?? 'no answer'}` };
  }
}

/** What every order to billing says of its resolution. */
function orderOf(row: Break, resolution: Resolution) {
  const { payment_no: paymentNo, id } = row;
  const order = { key: resolution.rkey, paymentNo, reason: `${row.class} ${id}`, actor: resolution.approver };
  return { ...order, currency: 'CNY' as const };
}

function readBilling(answer: KeyAnswer | undefined, detail: string, settleAs: SettleAs | null): DoorAnswer {
  if (answer?.outcome === 'posted') return { kind: 'done', detail, settleAs };
  if (answer?.outcome === 'rejected' || answer?.outcome === 'conflict')
    return { kind: 'refused', detail: `billing refused: ${answer.reason ?? answer.outcome}` };
  return { kind: 'working', detail: `billing: ${answer?.outcome ?? 'no answer'}` };
}

/** A return line that waited in suspense comes off its branch once the credit is taken back. */
const returnOf = (row: Break): SettleAs | null =>
  row.kind === 'refund' && row.item_id !== null ? 'reverse_credit' : null;

/** What the statement and billing's book say of what the gateway lost; two people may have named whose it is. */
function repairOrder(row: Break, { target }: Resolution): RepairOrder {
  const { branch, channel, partner, kind, ref_no: refNo } = row;
  return {
    ...{ branch, acquiringBranch: row.acquiring_branch || branch, channel: channel || 'partner_api', partner },
    face: toDigits(row.b_amount ?? row.p_amount ?? 0n),
    subscriberId: target === null ? '' : readTarget(target).subscriberId,
    attemptNo: kind === 'payment' && /^\d{22}$/.test(refNo) ? refNo : '',
    refundNo: kind === 'refund' ? refNo : '',
  };
}

function evidence(row: Break): string {
  const line = row.statement_line === null ? 'no line' : `line ${row.statement_line}`;
  return `break ${row.id}, row ${row.row_no}, statement of ${row.provider} for ${row.date}, ${line}`;
}

function readGateway(row: Break, action: GatewayAction, answer: ResolveAnswer): DoorAnswer {
  const detail = `payment ${answer.paymentState}, credit ${answer.creditState}${answer.reason ? `: ${answer.reason}` : ''}`;
  if (answer.outcome === 'refused') return { kind: action === 'requery' ? 'open' : 'refused', detail };
  if (answer.outcome === 'working') return { kind: 'working', detail };
  if (action === 'requery')
    return explains(row, answer) ? { kind: 'done', detail, settleAs: null } : { kind: 'open', detail };
  if (action === 'repair_gateway' && row.kind === 'refund') return { kind: 'done', detail, settleAs: returnOf(row) };
  if (action === 'confirm_declined') return { kind: 'done', detail, settleAs: null };
  if (action === 'reverse_credit') return { kind: 'done', detail, settleAs: returnOf(row) };
  if (action === 'refund_payer') return { kind: 'done', detail, settleAs: inSuspense(row, 'refund_payer') };
  const credited = answer.creditState === 'credited';
  const as = action === 'repair_gateway' ? 'credit' : action;
  return { kind: 'done', detail, settleAs: inSuspense(row, credited ? as : 'refund_payer') };
}

const inSuspense = (row: Break, as: SettleAs): SettleAs | null =>
  row.item_id === null || row.branch === '' ? null : as;

/** Asking again was enough: the side that did not know now knows, and it agrees with the others. */
function explains(row: Break, answer: ResolveAnswer): boolean {
  const creditKnown = ['credited', 'rejected', 'voided'].includes(answer.creditState);
  if (row.class === 'credit_unknown') return creditKnown;
  if (row.class === 'unknown_open')
    return ['declined', 'closed'].includes(answer.paymentState) && answer.creditState !== 'credited';
  if (row.class === 'late_refund' || row.class === 'refund_open')
    return ['refunded', 'partially_refunded', 'reversed', 'completed'].includes(answer.paymentState);
  return false;
}
