import type { PartnerCaller } from '../../access';

/** What the method of a hot route is given: everything that was checked. */
export interface PartnerCall<B> {
  partner: PartnerCaller;
  /** Without quotes. */
  idempotencyKey: string;
  body: B;
}
