import type { ValueTransformer } from 'typeorm';

/** TypeORM hydrates BIGINT as text; an amount is a bigint inside. */
export const bigintColumn: ValueTransformer = {
  to: (value: bigint) => value,
  from: (value: string | bigint) => BigInt(value),
};
