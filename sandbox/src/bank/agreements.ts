import { writeAgreementFile } from '@yidian/connectors/bank-direct';
import { createHash, randomBytes, randomInt } from 'node:crypto';
import type { Agreement, BankBook } from './bank-book';
import type { AccountCheck, AgreementRequest } from './bank-wire';
import { reply, type Reply } from './order-answer';
import type { Callbacks } from './settler';

export const BANK_NAME = '甲银行';
/** The masked number of the demo's story; his card ends 8812 in every text about him. */
const ZHANG_MASKED = '138****1234';

const WRONG_CODES = 3;

/** Standing orders that payers sign on the bank's own page. */
export class Agreements {
  constructor(
    private readonly book: BankBook,
    private readonly callbacks: Callbacks,
    private readonly pagesUrl: string,
  ) {}

  open(request: AgreementRequest): Reply {
    const agreement = this.book.agreements.get(request.agreement_no) ?? this.newAgreement(request);
    return reply({
      agreement_no: agreement.agreementNo,
      sign_url: `${this.pagesUrl}/sign/${agreement.token}`,
      expires_at: new Date(Date.now() + 30 * 60_000).toISOString(),
    });
  }

  query(agreementNo: string): Reply {
    const agreement = this.book.agreements.get(agreementNo);
    return reply(agreement ? agreementBody(agreement) : { agreement_no: agreementNo, status: 'not_found' });
  }

  /** The merchant ends it; the bank says so by its answer, not by a callback. */
  end(agreementNo: string): Reply {
    const agreement = this.book.agreements.get(agreementNo);
    if (agreement) this.put({ ...agreement, status: 'ended' });
    return this.query(agreementNo);
  }

  /** A card that ends in 0000 is nobody's; all others are whoever's who knows them. */
  check(request: AccountCheck): Reply {
    const { agreement_no: agreementNo, account, phone } = request;
    const tail = account.slice(-4);
    if (tail === '0000') return reply({ agreement_no: agreementNo, status: 'declined', reason: 'other' });
    const before = this.book.agreements.get(agreementNo) ?? this.newAgreement({ ...request, return_url: '' });
    const code = String(randomInt(1_000_000)).padStart(6, '0');
    const verified = phone === '' ? 'three_elements' : 'four_elements';
    this.put({ ...before, accountTail: tail, code, wrong: 0, verified });
    const expires_at = new Date(Date.now() + 5 * 60_000).toISOString();
    return reply({ agreement_no: agreementNo, status: 'code_sent', expires_at });
  }

  /** Three wrong ones, and it is over. */
  confirm(agreementNo: string, code: string): Reply {
    const agreement = this.book.agreements.get(agreementNo);
    if (agreement?.status === 'pending' && agreement.code !== undefined) {
      const wrong = (agreement.wrong ?? 0) + 1;
      if (agreement.code === code) this.put({ ...agreement, status: 'active' });
      else this.put({ ...agreement, wrong, ...(wrong >= WRONG_CODES ? { status: 'ended' as const } : {}) });
    }
    return this.query(agreementNo);
  }

  /** At the counter or in the bank's own app: the bank's customer signs for his number, and the bank calls. */
  signHere(number: string, limits?: { payment: number; day: number; month: number }): Agreement {
    const agreement_no = `B${this.book.date.replaceAll('-', '')}${randomBytes(6).toString('hex')}`;
    const masked = `${number.slice(0, 3)}****${number.slice(7)}`;
    const made = this.newAgreement({ agreement_no, number_masked: masked, blind: number, return_url: '', limits });
    const agreement: Agreement = { ...made, status: 'active', verified: 'four_elements' };
    this.put(agreement);
    const data = { ...agreementBody(agreement), number, ...(limits ? { limits } : {}) };
    this.callbacks.send({ eventId: `${agreement_no}_active`, type: 'agreement.signed', data }, 1);
    return agreement;
  }

  /** The bank's customer ends it at the bank. */
  endHere(agreementNo: string): Agreement | undefined {
    const agreement = this.book.agreements.get(agreementNo);
    if (agreement?.status !== 'active') return agreement;
    const ended: Agreement = { ...agreement, status: 'ended' };
    this.put(ended);
    this.callbacks.send({ eventId: `${agreementNo}_ended`, type: 'agreement.ended', data: agreementBody(ended) }, 1);
    return ended;
  }

  /** Every agreement there is or was, as the bank's file of a date. */
  file(provider: string, date: string): string {
    const signed = [...this.book.agreements.values()].filter(
      ({ status, signedOn }) => status !== 'pending' && signedOn,
    );
    return writeAgreementFile(
      provider,
      date,
      signed.map((one) => ({
        ...{ agreementNo: one.agreementNo, agreementRef: one.agreementRef, accountTail: one.accountTail },
        ...{ bankName: BANK_NAME, state: one.status === 'active' ? 'active' : 'ended' },
        ...{ signedOn: one.signedOn ?? date, endedOn: one.status === 'active' ? '' : (one.endedOn ?? date) },
      })),
    );
  }

  private put(agreement: Agreement): void {
    const { status, signedOn, endedOn } = agreement;
    const signed = status === 'active' && signedOn === undefined ? { signedOn: this.book.date } : {};
    const ended = status === 'ended' && endedOn === undefined ? { endedOn: this.book.date } : {};
    this.book.put({ t: 'agreement', agreement: { ...agreement, ...signed, ...ended } });
  }

  find(token: string): Agreement | undefined {
    return [...this.book.agreements.values()].find((agreement) => agreement.token === token);
  }

  /** The payer presses "agree" or "no" on the page. */
  answer(agreement: Agreement, agrees: boolean): void {
    if (agreement.status !== 'pending') return;
    const next: Agreement = { ...agreement, status: agrees ? 'active' : 'ended' };
    this.put(next);
    const type = agrees ? 'agreement.signed' : 'agreement.ended';
    const eventId = `${next.agreementNo}_${next.status}`;
    this.callbacks.send({ eventId, type, data: agreementBody(next) }, 1);
  }

  private newAgreement(request: AgreementRequest): Agreement {
    const agreement: Agreement = {
      agreementNo: request.agreement_no,
      token: randomBytes(16).toString('base64url'),
      numberMasked: request.number_masked,
      returnUrl: request.return_url,
      status: 'pending',
      agreementRef: `AR${createHash('sha256').update(request.agreement_no).digest('hex').slice(0, 20)}`,
      accountTail: request.number_masked === ZHANG_MASKED ? '8812' : tail(request.blind),
    };
    this.book.put({ t: 'agreement', agreement });
    return agreement;
  }
}

function agreementBody(agreement: Agreement): object {
  return {
    agreement_no: agreement.agreementNo,
    status: agreement.status,
    agreement_ref: agreement.agreementRef,
    account_tail: agreement.accountTail,
    bank_name: BANK_NAME,
    ...(agreement.verified ? { verified: agreement.verified } : {}),
  };
}

/** One payer, one card: its last four follow from the blind index of the number. */
function tail(blind: string): string {
  const value = createHash('sha256').update(blind).digest().readUInt32BE(0) % 10_000;
  return String(value).padStart(4, '0');
}
