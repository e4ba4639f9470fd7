import type { CustomerCaller } from '../../access';
import type { Origin } from '../../payments';

/** How a signed-in customer appears to the payment rooms: he pays, and sees what he paid. */
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
