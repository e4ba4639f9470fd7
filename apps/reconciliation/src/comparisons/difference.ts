import { hashOf } from '../matching/identity';
import type { Finding, StandingKind } from '../matching/result';

type Said = Pick<Finding, 'id' | 'row' | 'class' | 'key' | 'leg' | 'suggested' | 'raw'> & { kind: StandingKind };

const NOTHING = {
  ...{ wait: 0, paymentNo: '', refNo: '', txnId: '', branch: '', acquiringBranch: '', channel: '', partner: '' },
  ...{ atStake: 0n, pAmount: null, gAmount: null, bAmount: null, pState: null, gState: null, bState: null },
  ...{ line: null, itemId: null, steps: [], auto: false, onlyIfBalance: false, severe: false },
} as const;

/** A difference that stands: people decide it, no rule does; what is not said is empty. */
export const difference = (said: Said & Partial<Finding>): Finding => ({ ...NOTHING, ...said });

/** The same on every night that shows it: no date of a night is in it. */
export const standingId = (kind: StandingKind, ...parts: readonly string[]): string =>
  `brk_${hashOf(kind, ...parts).slice(0, 28)}`;
