import { Inject, Injectable } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { VaultError } from '@yidian/security';
import { z } from 'zod';
import { SECRETS, type Secrets } from '../platform';

const PURPOSE = 'number_query';
const LIFE_MS = 15 * 60_000;

const seen = z.object({ n: z.string(), s: z.string(), v: z.number(), e: z.number() });

/** Whose number the payer was shown. */
export interface SeenOwner {
  numberBlind: string;
  subscriberId: string;
  ownerVersion: number;
}

/**
 * A number query's id carries, sealed, whose number was shown: nothing is stored for a call that is made more often than
 * any other, and nobody can make one up.
 */
@Injectable()
export class NumberTokens {
  constructor(@Inject(SECRETS) private readonly secrets: Secrets) {}

  issue(owner: SeenOwner, now: Date): { id: string; expiresAt: Date } {
    const expiresAt = new Date(now.getTime() + LIFE_MS);
    const { numberBlind: n, subscriberId: s, ownerVersion: v } = owner;
    const sealed = this.secrets.vault.seal(JSON.stringify({ n, s, v, e: expiresAt.getTime() }), PURPOSE);
    return { id: `nq_${sealed}`, expiresAt };
  }

  /** @throws Problem field_invalid when it is not ours, of another number, or too old */
  read(id: string, numberBlind: string, now: Date): SeenOwner {
    const invalid = (detail: string) =>
      new Problem('field_invalid', { detail, errors: [{ pointer: '/number_query', code: 'field_invalid', detail }] });
    try {
      const token = seen.parse(JSON.parse(this.secrets.vault.open(id.slice('nq_'.length), PURPOSE)));
      if (token.n !== numberBlind) throw invalid('number_query is about another number');
      if (token.e < now.getTime()) throw invalid('number_query has expired; query the number again');
      return { numberBlind: token.n, subscriberId: token.s, ownerVersion: token.v };
    } catch (error) {
      if (error instanceof VaultError || error instanceof z.ZodError) throw invalid('number_query is not one of ours');
      throw error;
    }
  }
}
