import type { Rounding } from '@yidian/money';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigintColumn } from '../resources/bigint-column';
import type { FeeCollection, RefundPolicy } from './fee';

/** Reference data: one dated line of a provider's contract. */
@Entity('fee_schedule')
export class FeeScheduleRow {
  @PrimaryColumn({ type: 'varchar', length: 40 })
  id!: string;

  @Column({ type: 'varchar', length: 32 })
  provider!: string;

  @Column({ type: 'varchar', length: 16 })
  channel!: string;

  @Column({ name: 'valid_from', type: 'date' })
  validFrom!: string;

  @Column({ name: 'valid_to', type: 'date', nullable: true })
  validTo!: string | null;

  @Column({ type: 'bigint', transformer: bigintColumn })
  ppm!: bigint;

  @Column({ type: 'bigint', transformer: bigintColumn })
  fixed!: bigint;

  @Column({ type: 'bigint', transformer: bigintColumn })
  min!: bigint;

  @Column({ type: 'bigint', nullable: true, transformer: bigintColumn })
  cap!: bigint | null;

  @Column({ type: 'varchar', length: 8 })
  rounding!: Rounding;

  @Column({ type: 'varchar', length: 8 })
  collection!: FeeCollection;

  @Column({ name: 'refund_policy', type: 'varchar', length: 12 })
  refundPolicy!: RefundPolicy;

  /** `home:600000 hq:400000`, in order: the first takes the remainder. */
  @Column({ type: 'text' })
  bearers!: string;
}
