import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  breaksAssign,
  breaksDecide,
  breaksGet,
  breaksHistory,
  breaksList,
  breaksPropose,
  type ReplyOf,
} from '@yidian/contracts';
import { answer } from '../rpc/answer';
import { AssignBreaks } from './assign-breaks';
import { DecideProposal } from './decide-proposal';
import { FindBreak } from './find-break';
import { ListBreaks } from './list-breaks';
import { ProposeResolution } from './propose-resolution';

@Controller()
export class BreaksController {
  constructor(
    private readonly list: ListBreaks,
    private readonly find: FindBreak,
    private readonly propose: ProposeResolution,
    private readonly decide: DecideProposal,
    private readonly assign: AssignBreaks,
  ) {}

  @MessagePattern('breaks.list')
  listBreaks(@Payload() request: unknown): Promise<ReplyOf<'reconciliation', 'breaks.list'>> {
    return answer(breaksList, request, (query) => this.list.execute(query));
  }

  @MessagePattern('breaks.get')
  findBreak(@Payload() request: unknown): Promise<ReplyOf<'reconciliation', 'breaks.get'>> {
    return answer(breaksGet, request, async ({ id, branch }) => ({ break: await this.find.execute(id, branch) }));
  }

  @MessagePattern('breaks.history')
  history(@Payload() request: unknown): Promise<ReplyOf<'reconciliation', 'breaks.history'>> {
    return answer(breaksHistory, request, async ({ id, branch }) => ({ events: await this.find.history(id, branch) }));
  }

  @MessagePattern('breaks.assign')
  assignBreaks(@Payload() request: unknown): Promise<ReplyOf<'reconciliation', 'breaks.assign'>> {
    return answer(breaksAssign, request, async ({ items, actor }) => ({
      items: await this.assign.execute(items, actor),
    }));
  }

  @MessagePattern('breaks.propose')
  proposeResolutions(@Payload() request: unknown): Promise<ReplyOf<'reconciliation', 'breaks.propose'>> {
    return answer(breaksPropose, request, async ({ items, actor }) => ({
      items: await this.propose.execute(items, actor),
    }));
  }

  @MessagePattern('breaks.decide')
  decideProposals(@Payload() request: unknown): Promise<ReplyOf<'reconciliation', 'breaks.decide'>> {
    return answer(breaksDecide, request, async ({ items, actor }) => ({
      items: await this.decide.execute(items, actor),
    }));
  }
}
