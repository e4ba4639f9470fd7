/** Amounts a branch takes for one top-up, in minor units. */
export interface AcceptedAmounts {
  min: bigint;
  max: bigint;
  step: bigint;
}

export type AmountRefusal = 'amount_below_minimum' | 'amount_above_maximum' | 'amount_step';

/** In a test installation the fen choose the sandbox bank's behaviour, so the branch's step does not apply there. */
export function acceptedAmounts(limits: AcceptedAmounts, mode: 'test' | 'live'): AcceptedAmounts {
  return mode === 'test' ? { ...limits, step: 1n } : limits;
}

export function refuseAmount(amount: bigint, accepted: AcceptedAmounts): AmountRefusal | null {
  if (amount < accepted.min) return 'amount_below_minimum';
  if (amount > accepted.max) return 'amount_above_maximum';
  return amount % accepted.step === 0n ? null : 'amount_step';
}
