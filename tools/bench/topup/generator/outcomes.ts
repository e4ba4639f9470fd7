import { bodyText, completedNumber, type Answer } from './answer';

/** What an answer means to the partner that asked. */
export type Meaning =
  | { kind: 'completed'; paymentNumber: string }
  /** 202: written down, ask again. */
  | { kind: 'pending' }
  /** 429, 5xx: the same request again later. */
  | { kind: 'again' }
  /** A last word, but not the one hoped for. */
  | { kind: 'refused'; body: string };

const AGAIN: Meaning = { kind: 'again' };
const PENDING: Meaning = { kind: 'pending' };

export function meaningOf(answer: Answer): Meaning {
  const { status } = answer;
  if (status === 429 || status >= 500) return AGAIN;
  if (status === 202) return PENDING;
  const paymentNumber = status < 300 ? completedNumber(answer) : undefined;
  if (paymentNumber !== undefined) return { kind: 'completed', paymentNumber };
  return { kind: 'refused', body: `${status} ${bodyText(answer)}` };
}

interface BulkAnswer {
  data: {
    index: number;
    status: number;
    payment?: { number: string; state: string; final: boolean };
    problem?: object;
  }[];
}

/** One meaning per item, in the order of the request; an item that is missing is asked for again. */
export function bulkMeanings(answer: Answer, items: number): Meaning[] {
  const meanings = Array.from({ length: items }, () => AGAIN);
  if (answer.status === 429 || answer.status >= 500) return meanings;
  if (answer.status !== 200)
    return meanings.map(() => ({ kind: 'refused', body: `${answer.status} ${bodyText(answer)}` }));
  for (const item of (JSON.parse(bodyText(answer)) as BulkAnswer).data) meanings[item.index] = meaningOfItem(item);
  return meanings;
}

function meaningOfItem({ status, payment, problem }: BulkAnswer['data'][number]): Meaning {
  if (payment?.final && payment.state === 'completed') return { kind: 'completed', paymentNumber: payment.number };
  if (payment && !payment.final) return PENDING;
  if (status === 429 || status >= 500) return AGAIN;
  return { kind: 'refused', body: `${status} ${JSON.stringify(payment ?? problem)}` };
}

/** The answer to a question by reference: a list of none or one. */
export function meaningOfList(answer: Answer): Meaning | 'nothing' {
  if (answer.status !== 200) return meaningOf(answer);
  const [payment] = (JSON.parse(bodyText(answer)) as { data: { number: string; state: string; final: boolean }[] })
    .data;
  if (!payment) return 'nothing';
  if (!payment.final) return PENDING;
  if (payment.state === 'completed') return { kind: 'completed', paymentNumber: payment.number };
  return { kind: 'refused', body: JSON.stringify(payment) };
}
