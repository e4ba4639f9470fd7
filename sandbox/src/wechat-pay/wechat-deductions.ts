import { beijingDate } from '@yidian/connectors/wechat-pay/words';
import { toJson } from '@yidian/money';
import { behaviour, type Behaviour } from '../bank/behaviour';
import { chooseBehaviour, takeRule } from '../bank/faults';
import { reply, type Reply } from '../bank/order-answer';
import type { WechatBook, WechatContract, WechatOrder } from './wechat-book';
import { WechatSettler } from './wechat-settler';
import type { ApplyRequest } from './wechat-wire';
import { error } from './wechat-words';

const DAYS_OPEN_MS = 7 * 86_400_000;

/** Deductions under a contract: booked first, then applied for, carried out later. */
export class WechatDeductions {
  constructor(
    private readonly book: WechatBook,
    private readonly settler: WechatSettler,
  ) {}

  schedule(contractId: string, total: number): Reply {
    const contract = this.signed(contractId);
    if (!contract) return error(400, 'CONTRACT_NOT_EXIST');
    if (contract.scheduled !== '' && contract.scheduled !== String(total)) return error(400, 'INVALID_REQUEST');
    const booked = { ...contract, scheduled: String(total) };
    this.book.put({ t: 'contract', contract: booked });
    return reply(scheduleBody(booked));
  }

  scheduled(contractId: string): Reply {
    const contract = this.book.contractById(contractId);
    return contract ? reply(scheduleBody(contract)) : error(404, 'RESOURCE_NOT_EXISTS');
  }

  apply(request: ApplyRequest): Reply {
    const { out_trade_no: no, contract_id, amount } = request;
    const known = this.book.orders.get(no);
    if (known && (known.amount !== String(amount.total) || known.contractId !== contract_id))
      return error(400, 'OUT_TRADE_NO_USED');
    if (known && known.state !== 'NONE') return accepted(known);
    const contract = this.signed(contract_id);
    if (!contract) return error(400, 'CONTRACT_NOT_EXIST');
    if (contract.scheduled !== String(amount.total)) return error(400, 'INVALID_REQUEST');
    const rule = takeRule(this.book, 'debit', { agreementRef: contract_id, amount: BigInt(amount.total) });
    const name = known ? 'succeed' : chooseBehaviour(rule, BigInt(amount.total));
    const order = this.newOrder(request, name);
    this.book.put({ t: 'order', order });
    if (order.state === 'NONE') return firstAnswer(order, behaviour(name));
    this.book.put({ t: 'contract', contract: { ...contract, scheduled: '' } });
    this.settler.accepted(order);
    return firstAnswer(order, behaviour(name));
  }

  private signed(contractId: string): WechatContract | undefined {
    const contract = this.book.contractById(contractId);
    return contract?.state === 'SIGNED' ? contract : undefined;
  }

  private newOrder(request: ApplyRequest, name: WechatOrder['behaviour']): WechatOrder {
    const chosen = behaviour(name);
    const base: WechatOrder = {
      no: request.out_trade_no,
      kind: 'pap',
      contractId: request.contract_id,
      amount: String(request.amount.total),
      state: 'ACCEPT',
      behaviour: name,
      transactionId: this.book.nextId('4200002345'),
      note: request.description,
      notifyUrl: request.transaction_notify_url,
      ...this.book.moment(),
      token: '',
    };
    if (chosen.effect === 'none') return { ...base, state: 'NONE' };
    return { ...base, settlesAt: WechatSettler.settlesAt(chosen) };
  }
}

function scheduleBody({ scheduled }: WechatContract): object {
  if (scheduled === '') return { schedule_state: 'NO_SCHEDULED' };
  return {
    schedule_state: 'SCHEDULED',
    deduct_start_date: beijingDate(new Date()),
    deduct_end_date: beijingDate(new Date(Date.now() + DAYS_OPEN_MS)),
    scheduled_amount: { total: toJson(BigInt(scheduled)), currency: 'CNY' },
  };
}

const accepted = ({ no, amount }: WechatOrder, over: Partial<Reply> = {}): Reply =>
  reply({ out_trade_no: no, amount: { total: toJson(BigInt(amount)), currency: 'CNY' } }, over);

function firstAnswer(order: WechatOrder, chosen: Behaviour): Reply {
  const delayMs = chosen.slowMs ?? 0;
  switch (chosen.answer) {
    case 'error':
      return error(500, 'SYSTEM_ERROR', { delayMs });
    case 'cut':
    case 'hang':
      return reply({}, { delivery: chosen.answer, delayMs });
    case 'wrong_amount': // an acceptance has no sum to be wrong in: the first question is answered wrongly
    case 'pending':
    case 'truth':
      return accepted(order, { delayMs });
  }
}
