import { Injectable } from '@nestjs/common';
import { Adapters } from './adapters';
import type { NumberWord } from './wire/words';

/** What a province says about its own numbers, within the moment it is given. */
@Injectable()
export class AskNumber {
  constructor(private readonly adapters: Adapters) {}

  /** The balance of this branch's numbers is not ours to know. */
  isRemote(branch: string): boolean {
    return this.adapters.isRemote(branch);
  }

  /** Null: it did not say. */
  async execute(branch: string, msisdn: string): Promise<NumberWord | null> {
    return (await this.adapters.find(branch)?.bss.number(msisdn)) ?? null;
  }
}
