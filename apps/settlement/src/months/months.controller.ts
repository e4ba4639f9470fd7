import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { invoicesEnter, monthsRun, monthsSignOff, monthsStatus, type ReplyOf } from '@yidian/contracts';
import { Problem } from '@yidian/errors';
import { fromDigits } from '@yidian/money';
import { Door } from '../rpc/door';
import { CloseMonth } from './close-month';
import { MonthsStore } from './months.store';
import { ShowMonth } from './show-month';
import { SignOffMonth } from './sign-off-month';

type Month = Promise<ReplyOf<'settlement', 'months.status'>>;

@Controller()
export class MonthsController {
  constructor(
    private readonly door: Door,
    private readonly close: CloseMonth,
    private readonly signOff: SignOffMonth,
    private readonly show: ShowMonth,
    private readonly months: MonthsStore,
  ) {}

  @MessagePattern('months.run')
  run(@Payload() request: unknown): Month {
    return this.door.answer(monthsRun, request, async (valid) => {
      await this.close.execute(valid);
      return this.show.execute(valid.month);
    });
  }

  @MessagePattern('months.status')
  status(@Payload() request: unknown): Month {
    return this.door.answer(monthsStatus, request, ({ month }) => this.show.execute(month));
  }

  @MessagePattern('months.signOff')
  sign(@Payload() request: unknown): Month {
    return this.door.answer(monthsSignOff, request, async (valid) => {
      await this.signOff.execute(valid);
      return this.show.execute(valid.month);
    });
  }

  @MessagePattern('invoices.enter')
  invoice(@Payload() request: unknown): Promise<ReplyOf<'settlement', 'invoices.enter'>> {
    return this.door.answer(invoicesEnter, request, async ({ provider, month, number, amount, actor }) => {
      const known = await this.months.enter(provider, month, number, fromDigits(amount), actor);
      if (known !== null && known !== fromDigits(amount))
        throw new Problem('state_conflict', { detail: `invoice ${number} is there with another amount` });
      return { replay: known !== null };
    });
  }
}
