import type { CustomerCaller } from '../../access';
import type { Origin } from '../../payments';

/** How a signed-in customer appears to the payment rooms: pays with own agreements, sees own payments only. */
export function originOf(customer: CustomerCaller): Origin {
  return {
    channel: 'portal',
    partner: '',
    collectsAs: null,
    acquiringBranch: '',
    exposureLimit: null,
    payer: customer.msisdn,
  };
}
