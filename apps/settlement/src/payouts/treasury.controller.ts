import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import type { ReplyOf } from '@yidian/contracts';
import { Door } from '../rpc/door';
import { Treasury } from './treasury';

@Controller()
export class TreasuryController {
  constructor(
    private readonly door: Door,
    private readonly treasury: Treasury,
  ) {}

  @MessagePattern('treasury.terms')
  terms(): Promise<ReplyOf<'settlement', 'treasury.terms'>> {
    const { accounts, providers } = this.treasury.profile;
    return this.door.run(() =>
      Promise.resolve({
        accounts: accounts.map(({ account, ...own }) => ({
          ...own,
          account: account.slice(-4).padStart(account.length, '*'),
        })),
        providers: providers.map(({ provider, arrives, lagDays, setOff }) => ({ provider, arrives, lagDays, setOff })),
      }),
    );
  }
}
