import { Inject, Injectable } from '@nestjs/common';
import type { QualityRow } from '@yidian/contracts';
import type { Logger } from '@yidian/telemetry';
import { LOGGER } from '../alarms/raise-alarm';
import { TREASURY } from '../comparisons/bank-entries.job';
import { Peers } from '../peers';
import type { SheetCell } from './sheet';
import { ACTIONS, BREAK_STATES, BRIDGE_LINES, BRIDGES, CHANNELS, CLASSES, CUTS, DAY_STATES, type Words } from './words';

/** A name is worth no night: who does not say it soon is shown by its code. */
const PATIENCE_MS = 3_000;

const TABLES = {
  ...{ class: CLASSES, action: ACTIONS, state: BREAK_STATES, day: DAY_STATES, channel: CHANNELS, cut: CUTS },
  ...{ bridge: BRIDGES, line: BRIDGE_LINES },
} satisfies Record<string, Readonly<Record<string, Words>>>;

/** Codes as people read them. A code that nobody has named is shown as it is. */
export class Names {
  constructor(
    private readonly branches: ReadonlyMap<string, Words> = new Map(),
    private readonly providers: ReadonlyMap<string, Words> = new Map(),
  ) {}

  word(table: keyof typeof TABLES, code: string): SheetCell {
    return named(code, (TABLES[table] as Readonly<Record<string, Words>>)[code]);
  }

  /** A line of a bridge is a class, or a sum of its own. */
  line(code: string): SheetCell {
    return code in CLASSES ? this.word('class', code) : this.word('line', code);
  }

  /** Of a cut of the quality figures. */
  of(cut: QualityRow['of'], key: string): SheetCell {
    if (key === '') return { text: '' };
    if (cut === 'branch') return this.branch(key);
    return cut === 'channel' ? this.word('channel', key) : this.provider(key);
  }

  branch(code: string): SheetCell {
    return named(code, this.branches.get(code));
  }

  /** Banks, our own accounts, and a province's own book. */
  provider(code: string): SheetCell {
    const [, province] = /^bss_(\d{6})$/.exec(code) ?? [];
    const [zh, en] = (province === undefined ? undefined : this.branches.get(province)) ?? [];
    if (zh !== undefined && en !== undefined) return named(code, [`${zh}省方账`, `${en}’s book`]);
    return named(code, code === TREASURY ? ['资金', 'Treasury'] : this.providers.get(code));
  }
}

const named = (code: string, words: Words | undefined): SheetCell =>
  words ? { code, zh: words[0], en: words[1] } : { text: code };

/** Whom the services know by which name. */
@Injectable()
export class ReadNames {
  constructor(
    private readonly peers: Peers,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async execute(): Promise<Names> {
    const [branches, providers] = await Promise.all([
      this.ask(async () => (await this.peers.billing.call('branches.list', {}, PATIENCE_MS)).branches),
      this.ask(async () => (await this.peers.gateway.call('providers.list', {}, PATIENCE_MS)).providers),
    ]);
    return new Names(branches, providers);
  }

  private async ask(
    list: () => Promise<readonly { code: string; nameZh: string; nameEn: string }[]>,
  ): Promise<ReadonlyMap<string, Words>> {
    try {
      return new Map((await list()).map(({ code, nameZh, nameEn }) => [code, [nameZh, nameEn]]));
    } catch (err) {
      this.logger.warn({ err }, 'a report shows codes instead of names');
      return new Map();
    }
  }
}
