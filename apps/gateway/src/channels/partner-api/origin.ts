import type { PartnerCaller } from '../../access';
import type { Origin } from '../../payments';

/** How a verified partner appears to the payment rooms: it sees and makes its own objects only. */
export function originOf(partner: PartnerCaller): Origin {
  return {
    channel: 'partner_api',
    partner: partner.id,
    collectsAs: partner.provider,
    acquiringBranch: partner.acquiringBranch,
    exposureLimit: partner.exposureLimit,
    exposureHeld: partner.exposureHeld,
    payer: null,
  };
}
