import { createHash, randomBytes } from 'node:crypto';
import type { Agreement, BankBook } from './bank-book';
import type { AgreementRequest } from './bank-wire';
import { reply, type Reply } from './order-answer';
import type { Callbacks } from './settler';

export const BANK_NAME = '甲银行';
/** The masked number of the demo's story; his card ends 8812 in every text about him. */
const ZHANG_MASKED = '138****1234';

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
    if (agreement) this.book.put({ t: 'agreement', agreement: { ...agreement, status: 'ended' } });
    return this.query(agreementNo);
  }

  find(token: string): Agreement | undefined {
    return [...this.book.agreements.values()].find((agreement) => agreement.token === token);
  }

  /** The payer presses "agree" or "no" on the page. */
  answer(agreement: Agreement, agrees: boolean): void {
    if (agreement.status !== 'pending') return;
    const next: Agreement = { ...agreement, status: agrees ? 'active' : 'ended' };
    this.book.put({ t: 'agreement', agreement: next });
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
  };
}

/** One payer, one card: its last four follow from the blind index of the number. */
function tail(blind: string): string {
  const value = createHash('sha256').update(blind).digest().readUInt32BE(0) % 10_000;
  return String(value).padStart(4, '0');
}
