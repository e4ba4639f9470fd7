import type { WireFields } from '@yidian/connectors/unionpay/wire';
import type { Reply } from '../bank/order-answer';
import type { UnionPayBinding, UnionPayBook } from './unionpay-book';
import type { UnionPayCourier } from './unionpay-courier';
import { answered, bindingNotice } from './unionpay-words';

/** Bindings that debits are made under: signed by the payer at UnionPay's page. */
export class UnionPayBindings {
  constructor(
    private readonly book: UnionPayBook,
    private readonly courier: UnionPayCourier,
    private readonly merId: string,
  ) {}

  open(asked: WireFields): UnionPayBinding {
    const { bindId = '', orderId = '', txnTime: time = '', backUrl = '', frontUrl = '' } = asked;
    const known = this.book.bindings.get(bindId);
    if (known && known.state !== 'REFUSED') return known;
    const token = this.book.token(`binding ${bindId}`);
    const binding: UnionPayBinding = {
      ...{ bindId, orderNo: orderId, time, token, notifyUrl: backUrl, frontUrl },
      state: 'OPEN',
    };
    this.book.put({ t: 'binding', binding });
    return binding;
  }

  query(asked: WireFields): Reply {
    const binding = this.book.bindings.get(asked['bindId'] ?? '');
    if (!binding) return answered(asked, '34');
    const isSigned = binding.state === 'SIGNED';
    const account = isSigned ? '621626********0018' : '';
    return answered(asked, '00', { activateStatus: isSigned ? '1' : '0', accNo: account });
  }

  end(asked: WireFields): Reply {
    const binding = this.book.bindings.get(asked['bindId'] ?? '');
    if (binding?.state !== 'SIGNED') return answered(asked, '40');
    this.book.put({ t: 'binding', binding: { ...binding, state: 'ENDED' } });
    return answered(asked, '00');
  }

  /** The payer ends it at the bank: UnionPay tells. */
  endByPayer(bindId: string): boolean {
    const binding = this.book.bindings.get(bindId);
    if (binding?.state !== 'SIGNED') return false;
    const ended: UnionPayBinding = { ...binding, state: 'ENDED' };
    this.book.put({ t: 'binding', binding: ended });
    this.tell(ended);
    return true;
  }

  find(token: string): UnionPayBinding | undefined {
    return [...this.book.bindings.values()].find((binding) => binding.token === token);
  }

  /** The payer presses "agree" or "no" on the page. */
  answer(binding: UnionPayBinding, agrees: boolean): void {
    if (binding.state !== 'OPEN') return;
    const answeredTo: UnionPayBinding = { ...binding, state: agrees ? 'SIGNED' : 'REFUSED' };
    this.book.put({ t: 'binding', binding: answeredTo });
    if (agrees) this.tell(answeredTo);
  }

  private tell(binding: UnionPayBinding): void {
    const id = `${binding.bindId}-${binding.state}`;
    this.courier.send({ id, fields: bindingNotice(binding, this.merId), url: binding.notifyUrl, copies: 1 });
  }
}
