import { DirectoryArchive, type Archive, type Archived } from '@yidian/archive';
import { Pricing } from '../pricing';
import { settlePart, type FeeGap, type Names } from './settle-part';
import type { Counted, SettledPart, SettleSettings } from './settle-messages';

/** Settles one segment after the other and keeps the sums until it is asked for them. */
export class Settler {
  private readonly archive: Archive;
  private readonly pricing: Pricing;
  private readonly names: Names;
  private readonly gaps: FeeGap[] = [];

  constructor(private readonly settings: SettleSettings) {
    this.archive = new DirectoryArchive(settings.archive);
    this.pricing = new Pricing(settings.terms);
    this.names = new Map(settings.names);
  }

  /** @throws ArchiveDamaged when the matched lines are not what their row says */
  async settle(part: number, segment: Archived): Promise<SettledPart> {
    const { sealed, gaps, ...of } = settlePart(await this.archive.get(segment), this.pricing, this.names);
    for (const gap of gaps) this.gaps.push(gap);
    return { ...of, ...(await this.archive.put([...this.settings.place, `settled-${part}`], sealed)) };
  }

  counted(): Counted {
    const groups = this.pricing
      .settled()
      .map((group) => ({ line: group.line, count: group.count, totals: group.totals() }));
    return { groups, gaps: this.gaps };
  }
}
