import type { Rounding, TierMode } from '@yidian/money';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigintColumn } from '../resources/bigint-column';
import type { FeeCollection, RefundPolicy } from './fee';
import type { TermsState } from './terms-state';
import type { FeeBase, FeeSchedule } from './fee-schedules';

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

  @Column({ type: 'varchar', length: 16, default: '*' })
  product!: string;

  @Column({ type: 'varchar', length: 6, default: '*' })
  branch!: string;

  @Column({ type: 'varchar', length: 8, default: 'charged' })
  base!: FeeBase;

  @Column({ name: 'round_per', type: 'varchar', length: 8, default: 'payment' })
  roundPer!: FeeSchedule['roundPer'];

  /** `0:3800 100000:3000`; empty: one rate. */
  @Column({ type: 'varchar', length: 400, default: '' })
  tiers!: string;

  @Column({ name: 'tier_mode', type: 'varchar', length: 12, default: 'marginal' })
  tierMode!: TierMode;

  @Column({ type: 'varchar', length: 8, default: 'active' })
  state!: TermsState;

  @Column({ name: 'proposed_by', type: 'varchar', length: 64, default: '' })
  proposedBy!: string;

  @Column({ name: 'decided_by', type: 'varchar', length: 64, default: '' })
  decidedBy!: string;

  @Column({ type: 'varchar', length: 200, default: '' })
  reason!: string;

  /** Digest of the last simulation somebody saw; empty: none yet. */
  @Column({ type: 'varchar', length: 64, default: '' })
  simulated!: string;
}
