import type { ChangeKind, SuspendReason } from '@yidian/contracts';

/** One change of one number, as its branch or an operator tells it. */
export interface SubscriberChange {
  /** Id of the event at its source, at most 80 characters: a key is applied once per source. */
  key: string;
  msisdn: string;
  kind: ChangeKind;
  /** When it happened there; orders late and repeated news. */
  at: Date;
  /** `bss:430000`, `operator:ops`, `import` */
  source: string;
  name?: string | undefined;
  /** The branch that serves the number from now on; only with `ported_in`. Left out: the branch whose system speaks. */
  branch?: string | undefined;
  /** Minor units. */
  balance?: bigint | undefined;
  /** Not told with `suspended`: taken for `loss`. */
  suspendReason?: SuspendReason | undefined;
}
