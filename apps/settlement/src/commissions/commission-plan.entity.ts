import type { Rounding } from '@yidian/money';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigintColumn } from '../resources/bigint-column';
import type { Earner } from './commission';

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
}
