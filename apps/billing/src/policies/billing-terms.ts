import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type BillingConfig } from '../billing.config';
import { shanghaiDate } from '../calendar';
import { SubscribersStore, type HomeRow } from '../subscribers/subscribers.store';
import { PolicyBook } from './policy-book';
import { inBillingRun, type Circumstances, type Terms } from './terms';

/** How the bills of a postpaid number move now: not at all while its branch makes new ones. */
export interface BillsNow {
  frozen: boolean;
  /** Today in Asia/Shanghai. */
  day: string;
}

/** What the branch of a number has decided about money, as it stands at this moment. */
@Injectable()
export class BillingTerms {
  constructor(
    @Inject(CONFIG) private readonly config: BillingConfig,
    private readonly policies: PolicyBook,
    private readonly subscribers: SubscribersStore,
  ) {}

  /** @throws Error when the branch is none of ours */
  terms(branch: string, at: Date): Terms {
    const terms = this.policies.inForce(branch, at);
    if (!terms) throw new Error(`branch ${branch} has no policy`);
    return terms;
  }

  circumstances(branch: string, at: Date): Circumstances {
    return { terms: this.terms(branch, at), at, mode: this.config.MODE };
  }

  run(branch: string, at = new Date()): BillsNow {
    return { frozen: inBillingRun(this.terms(branch, at), at), day: shanghaiDate(at) };
  }

  /** Null: a number that pays in advance has no bills. */
  billsOf({ plan, branch }: Pick<HomeRow, 'plan' | 'branch'>, at = new Date()): BillsNow | null {
    return plan === 'postpaid' ? this.run(branch, at) : null;
  }

  /** The same by subscriber, for what is rare. */
  async of(subscriberId: string): Promise<BillsNow | null> {
    const home = (await this.subscribers.homes([subscriberId])).get(subscriberId);
    return home ? this.billsOf(home) : null;
  }
}
