import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { SuspendReason } from '@yidian/contracts';
import type { LifeState } from './life-cycle';

export type Plan = 'prepaid' | 'postpaid';

/** Who holds a number at a branch. The full name is never kept: a mask for people, a mark to notice another owner. */
@Entity('subscriber')
@Index('subscriber_suspended', ['status', 'suspendReason'])
@Index('subscriber_of_branch', ['branch', 'msisdn'])
export class Subscriber {
  @PrimaryColumn({ type: 'varchar', length: 32 })
  id!: string;

  @Column({ type: 'char', length: 11 })
  msisdn!: string;

  @Column({ type: 'char', length: 6 })
  branch!: string;

  @Column({ type: 'varchar', length: 40 })
  owner!: string;

  @Column({ name: 'owner_mark', type: 'char', length: 64 })
  ownerMark!: string;

  @Column({ name: 'owner_version', type: 'int' })
  ownerVersion!: number;

  @Column({ type: 'varchar', length: 10 })
  plan!: Plan;

  @Column({ type: 'varchar', length: 12 })
  status!: LifeState;

  /** Empty unless suspended. */
  @Column({ name: 'suspend_reason', type: 'varchar', length: 8, default: '' })
  suspendReason!: SuspendReason | '';

  @Column({ name: 'status_at', type: 'datetime', precision: 3, nullable: true })
  statusAt!: Date | null;

  @Column({ name: 'registered_on', type: 'date' })
  registeredOn!: string;

  @Column({ name: 'updated_at', type: 'datetime', precision: 3 })
  updatedAt!: Date;
}
