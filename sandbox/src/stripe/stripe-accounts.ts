import { metadataOf, searchObject } from '@yidian/connectors/stripe/wire';
import { reply, type Reply } from '../bank/order-answer';
import type { Method, StripeBook } from './stripe-book';
import type { StripeCourier } from './stripe-courier';
import { plain, type Form, type Keyed } from './stripe-intents';
import { methodBody, missing, refusal } from './stripe-words';

/** Customers and the accounts that they have saved. */
export class StripeAccounts {
  constructor(
    private readonly book: StripeBook,
    private readonly courier: StripeCourier,
  ) {}

  newCustomer(form: Form): Keyed {
    const id = this.book.nextId('cus');
    const metadata = metadataOf(form);
    this.book.put({ t: 'customer', id, metadata });
    return plain(reply({ id, object: 'customer', metadata, livemode: false }));
  }

  searchCustomers(query: string): Reply {
    const [, name = '', value = ''] = /^metadata\['(\w+)'\]:'([^']*)'$/.exec(query) ?? [];
    const found = [...this.book.customers].filter(([, metadata]) => metadata[name] === value);
    const data = found.map(([id, metadata]) => ({ id, object: 'customer', metadata }));
    return reply(searchObject('/v1/customers/search', data));
  }

  retrieve(id: string): Reply {
    const method = this.book.methods.get(id);
    return method ? reply(methodBody(method)) : missing('payment_method');
  }

  update(id: string, form: Form): Reply {
    const method = this.book.methods.get(id);
    if (!method) return missing('payment_method');
    const named: Method = { ...method, metadata: { ...method.metadata, ...metadataOf(form) } };
    this.book.put({ t: 'method', method: named });
    return reply(methodBody(named));
  }

  detach(id: string): Reply {
    const method = this.book.methods.get(id);
    if (!method) return missing('payment_method');
    if (method.customer === '') return refusal(400, 'invalid_request_error', '', { param: 'payment_method' });
    const free: Method = { ...method, customer: '' };
    this.book.put({ t: 'method', method: free });
    const { created } = this.book.moment();
    const notice = { id: `evt_${id}_free`, type: 'payment_method.detached', object: methodBody(free) };
    this.courier.send({ ...notice, created, copies: 1 });
    return reply(methodBody(free));
  }
}
