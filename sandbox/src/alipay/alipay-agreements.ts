import type { Reply } from '../bank/order-answer';
import type { AlipayAgreement, AlipayBook } from './alipay-book';
import type { AlipayCourier } from './alipay-courier';
import type { Addresses } from './alipay-orders';
import type { AgreementQuery, SignRequest } from './alipay-requests';
import { agreementNode, done, refused } from './alipay-words';

const NONE = 'USER_AGREEMENT_NOT_EXIST';

/** Agreements that payers sign on Alipay's own page; there only once they are signed. */
export class AlipayAgreements {
  constructor(
    private readonly book: AlipayBook,
    private readonly courier: AlipayCourier,
    private readonly pagesUrl: string,
  ) {}

  /** The payer comes with a signed request. @returns where the page is */
  open(request: SignRequest, addresses: Addresses): string {
    const { external_agreement_no: externalNo, external_logon_id: account } = request;
    const agreement: AlipayAgreement = this.book.agreements.get(externalNo) ?? {
      ...{ externalNo, account, ...addresses },
      no: '',
      token: this.book.token(`agreement ${externalNo}`),
      status: 'OPEN',
      signedAt: '',
    };
    this.book.put({ t: 'agreement', agreement });
    return `${this.pagesUrl}/sign/${agreement.token}`;
  }

  query(query: AgreementQuery): Reply {
    const agreement = this.find(query);
    return agreement?.status === 'NORMAL' ? done(agreementNode(agreement)) : refused(NONE);
  }

  /** Told to us also where we ended it ourselves. */
  end(query: AgreementQuery): Reply {
    const agreement = this.find(query);
    if (agreement?.status !== 'NORMAL') return refused(NONE);
    this.change({ ...agreement, status: 'UNSIGN' }, 'dut_user_unsign');
    return done();
  }

  /** The payer presses "agree" or "no" on the page. */
  answer(agreement: AlipayAgreement, agrees: boolean): void {
    if (agreement.status !== 'OPEN') return;
    if (!agrees) return this.book.put({ t: 'agreement', agreement: { ...agreement, status: 'REFUSED' } });
    const digits = BigInt(`0x${this.book.token(`agreement no ${agreement.externalNo}`)}`) % 10n ** 16n;
    const no = `2026${digits.toString().padStart(16, '0')}`;
    this.change({ ...agreement, status: 'NORMAL', no, signedAt: this.book.moment().at }, 'dut_user_sign');
  }

  private find(query: AgreementQuery): AlipayAgreement | undefined {
    const all = [...this.book.agreements.values()];
    if ('agreement_no' in query) return all.find(({ no }) => no === query.agreement_no);
    return all.find(({ externalNo }) => externalNo === query.external_agreement_no);
  }

  private change(agreement: AlipayAgreement, notifyType: string): void {
    this.book.put({ t: 'agreement', agreement });
    this.courier.send({
      id: this.book.token(`notice ${agreement.externalNo} ${agreement.status}`),
      fields: { notify_type: notifyType, ...agreementNode(agreement) },
      url: agreement.notifyUrl,
      copies: 1,
      keepsSignType: true,
    });
  }
}
