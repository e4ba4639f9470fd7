import { reply, type Reply } from '../bank/order-answer';
import type { WechatBook, WechatContract } from './wechat-book';
import type { WechatCourier } from './wechat-courier';
import type { SignRequest } from './wechat-wire';
import { contractBody, error } from './wechat-words';

/** Contracts of the deduction service: signed by the payer on WeChat's page, there only once they are signed. */
export class WechatContracts {
  constructor(
    private readonly book: WechatBook,
    private readonly courier: WechatCourier,
    private readonly mchid: string,
    private readonly pagesUrl: string,
  ) {}

  open(request: SignRequest): Reply {
    const { out_contract_code: code, plan_id: planId } = request;
    const known = this.book.contracts.get(code);
    if (known?.state === 'SIGNED' || known?.state === 'TERMINATED') return error(400, 'INVALID_REQUEST');
    const contract: WechatContract = known ?? {
      code,
      planId,
      id: '',
      token: this.book.token(`contract ${code}`),
      account: request.contract_display_account,
      notifyUrl: request.contract_notify_url,
      state: 'OPEN',
      scheduled: '',
    };
    this.book.put({ t: 'contract', contract });
    return reply({ redirect_url: `${this.pagesUrl}/sign/${contract.token}` });
  }

  query(planId: number, code: string): Reply {
    const contract = this.book.contracts.get(code);
    const there = contract && contract.id !== '' && contract.planId === planId;
    return there ? reply(contractBody(this.mchid, contract)) : error(404, 'RESOURCE_NOT_EXISTS');
  }

  /** @param by who ends it, in WeChat Pay's words */
  end(planId: number, code: string, by: string): Reply {
    const contract = this.book.contracts.get(code);
    if (contract?.planId !== planId || contract.id === '') return error(404, 'RESOURCE_NOT_EXISTS');
    if (contract.state === 'SIGNED') {
      const ended: WechatContract = { ...contract, state: 'TERMINATED', endedBy: by, scheduled: '' };
      this.book.put({ t: 'contract', contract: ended });
      this.tell(ended, 'ENTRUST.TERMINATE');
    }
    return this.query(planId, code);
  }

  find(token: string): WechatContract | undefined {
    return [...this.book.contracts.values()].find((contract) => contract.token === token);
  }

  /** The payer presses "agree" or "no" on the page. */
  answer(contract: WechatContract, agrees: boolean): void {
    if (contract.state !== 'OPEN') return;
    if (!agrees) return this.book.put({ t: 'contract', contract: { ...contract, state: 'REFUSED' } });
    const signed: WechatContract = {
      ...contract,
      state: 'SIGNED',
      id: `Wx${this.book.token(`contract id ${contract.code}`).slice(0, 26)}`,
      signedAt: this.book.moment().at,
    };
    this.book.put({ t: 'contract', contract: signed });
    this.tell(signed, 'ENTRUST.SIGN');
  }

  private tell(contract: WechatContract, type: string): void {
    this.courier.send({
      id: `EV-${contract.id}-${contract.state}`,
      type,
      resource: contractBody(this.mchid, contract),
      kind: 'contract',
      url: contract.notifyUrl,
      copies: 1,
    });
  }
}
