import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('subscriber')
export class Subscriber {
  @PrimaryColumn({ type: 'varchar', length: 11 }) msisdn!: string;
  @Column({ type: 'varchar', length: 32 }) id!: string;
  @Column({ type: 'char', length: 6 }) branch!: string;
  @Column({ type: 'varchar', length: 12 }) status!: string;
}

/** Of a subscriber, or of a branch. */
@Entity('account')
export class Account {
  @PrimaryColumn({ type: 'varchar', length: 80 }) id!: string;
  @Column({ type: 'bigint' }) balance!: bigint;
  @Column({ type: 'bigint' }) ceiling!: bigint;
}

/** A key, and what was answered to it. */
@Entity('posting')
export class Posting {
  @PrimaryColumn({ type: 'varchar', length: 80 }) k!: string;
  @Column({ type: 'varchar', length: 8 }) outcome!: string;
  @Column({ type: 'varchar', length: 40 }) reason!: string;
  @Column({ type: 'bigint' }) balanceAfter!: bigint;
  @Column({ type: 'datetime', precision: 3 }) at!: Date;
}

@Entity('transfer')
export class Transfer {
  @PrimaryColumn({ type: 'varchar', length: 80 }) k!: string;
  @PrimaryColumn({ type: 'int' }) n!: number;
  @Column({ type: 'varchar', length: 80 }) debit!: string;
  @Column({ type: 'varchar', length: 80 }) credit!: string;
  @Column({ type: 'bigint' }) amount!: bigint;
  @Column({ type: 'varchar', length: 20 }) kind!: string;
  @Column({ type: 'datetime', precision: 3 }) at!: Date;
}

export const BILLING_ENTITIES = [Subscriber, Account, Posting, Transfer];

export const subscriberAccount = (id: string): string => `subscriber/${id}`;
export const branchAccount = (branch: string): string => `branch/${branch}`;
