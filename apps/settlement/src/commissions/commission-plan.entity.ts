import type { Rounding, TierMode } from '@yidian/money';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigintColumn } from '../resources/bigint-column';
import type { TermsState } from '../fees/terms-state';
import type { CommissionBase, CommissionPlan, Earner } from './commission';

/** Reference data: who earns how much for bringing a payment. */
@Entity('commission_plan')
export class CommissionPlanRow {
  @PrimaryColumn({ type: 'varchar', length: 40 })
  id!: string;

  @Column({ type: 'varchar', length: 16 })
  channel!: string;

  @Column({ type: 'varchar', length: 32 })
  partner!: string;

  @Column({ name: 'acquiring_branch', type: 'varchar', length: 6 })
  acquiringBranch!: string;

  @Column({ type: 'varchar', length: 20 })
  earner!: Earner;

  @Column({ type: 'bigint', transformer: bigintColumn })
  ppm!: bigint;

  @Column({ type: 'varchar', length: 8 })
  rounding!: Rounding;

  @Column({ name: 'valid_from', type: 'date' })
  validFrom!: string;

  @Column({ name: 'valid_to', type: 'date', nullable: true })
  validTo!: string | null;

  /** A cascade as JSON, bottom first; empty: one level. */
  @Column({ type: 'varchar', length: 2000, default: '' })
  levels!: string;

  @Column({ type: 'int', default: 0 })
  rest!: number;

  @Column({ type: 'varchar', length: 8, default: 'face' })
  base!: CommissionBase;

  @Column({ type: 'varchar', length: 8, default: 'home' })
  bearer!: CommissionPlan['bearer'];

  @Column({ name: 'tier_mode', type: 'varchar', length: 12, default: 'marginal' })
  tierMode!: TierMode;

  @Column({ name: 'tax_ppm', type: 'bigint', default: 0, transformer: bigintColumn })
  taxPpm!: bigint;

  @Column({ name: 'claw_cap_ppm', type: 'bigint', nullable: true, transformer: bigintColumn })
  clawCapPpm!: bigint | null;

  @Column({ type: 'varchar', length: 8, default: 'active' })
  state!: TermsState;

  @Column({ name: 'proposed_by', type: 'varchar', length: 64, default: '' })
  proposedBy!: string;

  @Column({ name: 'decided_by', type: 'varchar', length: 64, default: '' })
  decidedBy!: string;

  @Column({ type: 'varchar', length: 200, default: '' })
  reason!: string;
}
