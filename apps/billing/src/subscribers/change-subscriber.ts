import { Injectable } from '@nestjs/common';
import type { ChangeAnswer, ChangeKind, SuspendReason } from '@yidian/contracts';

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
  name?: string;
  /** The branch that serves the number from now on; only with `ported_in`. */
  branch?: string;
  /** Minor units. */
  balance?: bigint;
  /** Not told with `suspended`: taken for `loss`. */
  suspendReason?: SuspendReason;
}

@Injectable()
export class ChangeSubscriber {
  execute(change: SubscriberChange): Promise<ChangeAnswer> {
    return Promise.reject(new Error(`a number cannot be ${change.kind} yet`));
  }
}
