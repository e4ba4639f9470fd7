import { Inject, Injectable } from '@nestjs/common';
import { Books } from '@yidian/journal';
import { CONFIG, type BillingConfig } from '../billing.config';

/** A provider's credit book opens when billing first meets the provider; afterwards only a cut moves its date. */
@Injectable()
export class KnownProviders {
  private readonly known = new Set<string>();

  constructor(
    @Inject(CONFIG) private readonly config: BillingConfig,
    private readonly books: Books,
  ) {}

  /** False: it has to be met first. */
  knows(provider: string): boolean {
    return this.known.has(provider);
  }

  /** Before facts of these providers are written: a lane cannot date a fact of a provider without an open day. */
  async meet(providers: Iterable<string>, openDate = this.config.FIRST_BUSINESS_DATE): Promise<void> {
    for (const provider of new Set(providers)) {
      if (this.known.has(provider)) continue;
      await this.books.ensureProvider(provider, openDate);
      this.known.add(provider);
    }
  }
}
