import { Injectable } from '@nestjs/common';
import type { bssCompareNumbers, NumberDifference, NumbersCompared } from '@yidian/contracts';
import { Problem } from '@yidian/errors';
import { maskNumber } from '@yidian/security';
import type { z } from 'zod';
import { Adapters, type Province } from './adapters';
import { PartiesStore, type HeldNumber } from './parties.store';
import type { NumberWord } from './wire/words';

/**
 * Whose a number is and whether it may be paid for, as its province says now and as we have it. Asked are the numbers that
 * were credited there on a date, or all of the branch a page at a time, and those that the caller names. Nothing is changed:
 * what differs is for people, who look at the event that one side has missed.
 */
@Injectable()
export class CompareNumbers {
  constructor(
    private readonly adapters: Adapters,
    private readonly parties: PartiesStore,
  ) {}

  /** @throws Problem not_found: this branch has no billing system of its own */
  async execute({ branch, also, ...wanted }: z.output<typeof bssCompareNumbers>): Promise<NumbersCompared> {
    const province = this.adapters.find(branch);
    if (!province) throw new Problem('not_found', { detail: 'This branch has no billing system of its own.' });
    const { date, after, limit, every } = wanted;
    const page = every
      ? await this.parties.heldAfter(branch, after, limit)
      : await this.parties.creditedOn(branch, date, after, limit);
    const named = after === '' ? await this.parties.held(branch, also) : [];
    const asked = new Map([...named, ...page.held].map((one) => [one.subscriberId, one]));
    const said: Pick<NumbersCompared, 'unanswered' | 'same' | 'differences'> = {
      ...{ unanswered: [], same: [], differences: [] },
    };
    for (const one of asked.values()) {
      const found = await this.ask(province, one);
      if (found === 'unanswered') said.unanswered.push(one.subscriberId);
      else if (found) said.differences.push(found);
      else said.same.push(one.subscriberId);
    }
    return { asked: asked.size, ...said, next: page.next };
  }

  private async ask({ bss }: Province, one: HeldNumber): Promise<NumberDifference | 'unanswered' | null> {
    const word = await bss.number(one.msisdn);
    return word === null ? 'unanswered' : judgeNumber(one, word);
  }
}

/** The first that holds: the province does not have it, has it for somebody else, has it in another state. */
export function judgeNumber(one: HeldNumber, word: NumberWord): NumberDifference | null {
  const found = (cls: NumberDifference['class'], ours: string, theirs: string): NumberDifference => ({
    ...{ subscriberId: one.subscriberId, number: maskNumber(one.msisdn), class: cls, ours, theirs },
  });
  const gone = one.status === 'closed' || one.status === 'recycled' || one.status === 'ported_out';
  if (word.status === 'unknown') return gone ? null : found('number_only_here', one.status, 'unknown');
  if (word.owner !== null && word.owner !== one.owner && !gone) return found('number_owner', one.owner, word.owner);
  const same = one.status === word.status || (gone && word.status === 'closed');
  return same ? null : found('number_status', one.status, word.status);
}
