import { Problem } from '@yidian/errors';
import type { PartnerCaller } from '../../access';
import type { CreatePaymentRequest } from '../../payments';

/** A counter's key can never debit anyone, and a shop's key cannot claim to have taken cash. */
export function assertFunding(partner: PartnerCaller, body: CreatePaymentRequest): void {
  const needed = body.funding.type === 'collected' ? 'payments:collect' : 'payments:create';
  if (!partner.scopes.includes(needed)) {
    throw new Problem('scope_missing', { detail: `Funding ${body.funding.type} needs the scope ${needed}.` });
  }
}
