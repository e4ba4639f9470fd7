import type { DebitRequest, Outcome, Taken } from '../contract';
import type { Link } from './link';
import { required, type Merchant } from './merchant';
import { fen } from './orders';
import { refusal } from './refusals';
import { acceptedWord, beijingDate, parse, scheduleWord } from './words';

export interface DebitPlace {
  link: Link;
  merchant: Merchant;
  notifyUrl: string;
  /** Plans of the scheduled kind take only what was booked before. */
  schedule: boolean;
  now: () => Date;
}

/** Accepted is not taken: the outcome comes by notification or by asking about the order. */
export async function debit(place: DebitPlace, request: DebitRequest, signal: AbortSignal): Promise<Outcome<Taken>> {
  const { link, merchant, notifyUrl } = place;
  const appid = required(merchant.appid, 'appid');
  if (place.schedule) {
    const hindered = await booked(place, appid, request, signal);
    if (hindered) return hindered;
  }
  const answer = await link.post(
    '/v3/papay/pay/transactions/apply',
    {
      appid,
      out_trade_no: request.orderNo,
      description: [...request.orderNote].slice(0, 127).join(''),
      transaction_notify_url: notifyUrl,
      contract_id: request.agreementRef,
      amount: fen(request.amount, request.currency),
    },
    signal,
  );
  if (answer.status === 204) return { outcome: 'pending' };
  if (answer.status !== 200 && answer.status !== 202) return refusal(answer);
  const { out_trade_no } = parse(acceptedWord, answer.body);
  if (out_trade_no !== request.orderNo) return { outcome: 'unknown', cause: 'another order was answered' };
  return { outcome: 'pending' };
}

/** Books the sum; what was booked already for the same sum is used. Nothing is taken by booking. */
async function booked(
  { link, now }: DebitPlace,
  appid: string,
  request: DebitRequest,
  signal: AbortSignal,
): Promise<Outcome<Taken> | null> {
  const path = `/v3/papay/pay/schedules/contract-id/${encodeURIComponent(request.agreementRef)}`;
  const amount = fen(request.amount, request.currency);
  const answer = await link.post(`${path}/schedule`, { appid, schedule_amount: amount }, signal);
  const known = answer.status === 200 ? answer : await link.get(path, signal);
  if (known.status !== 200) return refusal(answer);
  const word = parse(scheduleWord, known.body);
  if (word.schedule_state !== 'SCHEDULED' || word.scheduled_amount?.total !== amount.total) {
    return answer.status === 200 ? { outcome: 'unknown', cause: 'booked otherwise than asked' } : refusal(answer);
  }
  const today = beijingDate(now());
  const from = word.deduct_start_date ?? today;
  if (today < from) return { outcome: 'not_executed', cause: `booked for ${from}, not for today` };
  return null;
}
