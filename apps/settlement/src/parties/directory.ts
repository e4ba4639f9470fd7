import { Inject, Injectable } from '@nestjs/common';
import type { RpcClient } from '@yidian/messaging';
import { BILLING, GATEWAY } from '../resources/tokens';

export interface Name {
  nameZh: string;
  nameEn: string;
}

export interface Names {
  branches: ReadonlyMap<string, Name>;
  providers: ReadonlyMap<string, Name>;
}

const FRESH_MS = 60_000;
const CALL_MS = 3_000;

/** Names of branches and providers, asked of their owners. When one is silent the last known names, or bare codes, do. */
@Injectable()
export class Directory {
  private known: Names = { branches: new Map(), providers: new Map() };
  private freshUntil = 0;

  constructor(
    @Inject(BILLING) private readonly billing: RpcClient<'billing'>,
    @Inject(GATEWAY) private readonly gateway: RpcClient<'gateway'>,
  ) {}

  async names(): Promise<Names> {
    if (performance.now() < this.freshUntil) return this.known;
    const [branches, providers] = await Promise.allSettled([
      this.billing.call('branches.list', {}, CALL_MS),
      this.gateway.call('providers.list', {}, CALL_MS),
    ]);
    this.known = {
      branches: branches.status === 'fulfilled' ? byCode(branches.value.branches) : this.known.branches,
      providers: providers.status === 'fulfilled' ? byCode(providers.value.providers) : this.known.providers,
    };
    const complete = branches.status === 'fulfilled' && providers.status === 'fulfilled';
    this.freshUntil = complete ? performance.now() + FRESH_MS : 0;
    return this.known;
  }
}

const byCode = (list: readonly (Name & { code: string })[]): Map<string, Name> =>
  new Map(list.map(({ code, nameZh, nameEn }) => [code, { nameZh, nameEn }]));

/** Name of one party; its code when nobody has told us. */
export function nameOf(names: Names, kind: 'branch' | 'provider' | 'partner' | 'hq', code: string): Name {
  if (kind === 'hq') return { nameZh: '总部', nameEn: 'Headquarters' };
  const known = kind === 'branch' ? names.branches.get(code) : names.providers.get(code);
  return known ?? { nameZh: code, nameEn: code };
}
