import type { Origin } from '../../payments';

/** How the sender of a text appears to the payment rooms: pays with own agreements. */
export function originOf(from: string): Origin {
  return { channel: 'sms', partner: '', collectsAs: null, acquiringBranch: '', exposureLimit: null, payer: from };
}
