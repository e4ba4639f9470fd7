import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigintColumn } from '../resources/bigint-column';

export type BranchStatus = 'open' | 'maintenance';

/** A provincial company. Amounts it accepts are minor units. */
@Entity('branch')
export class Branch {
  @PrimaryColumn({ type: 'char', length: 6 })
  code!: string;

  @Column({ name: 'name_zh', type: 'varchar', length: 20 })
  nameZh!: string;

  @Column({ name: 'name_en', type: 'varchar', length: 40 })
  nameEn!: string;

  @Column({ type: 'varchar', length: 12 })
  status!: BranchStatus;

  @Column({ name: 'accept_min', type: 'bigint', transformer: bigintColumn })
  acceptMin!: bigint;

  @Column({ name: 'accept_max', type: 'bigint', transformer: bigintColumn })
  acceptMax!: bigint;

  @Column({ name: 'accept_step', type: 'bigint', transformer: bigintColumn })
  acceptStep!: bigint;

  @Column({ name: 'updated_at', type: 'datetime', precision: 3 })
  updatedAt!: Date;
}
