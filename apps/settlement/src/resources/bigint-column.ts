import type { ValueTransformer } from 'typeorm';

/** TypeORM hydrates BIGINT as text; an amount or a rate is a bigint inside. */
export const bigintColumn: ValueTransformer = {
  to: (value: bigint | null) => value,
  from: (value: string | bigint | null) => (value === null ? null : BigInt(value)),
};
