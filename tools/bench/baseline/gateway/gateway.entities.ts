import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('payment')
@Index('payment_reference', ['partner', 'reference'], { unique: true })
@Index('payment_key', ['partner', 'idempotencyKey'], { unique: true })
@Index('payment_created', ['partner', 'createdAt'])
export class Payment {
  @PrimaryColumn({ type: 'char', length: 20 }) number!: string;
  @Column({ type: 'varchar', length: 32 }) partner!: string;
  @Column({ type: 'varchar', length: 64 }) reference!: string;
  @Column({ type: 'varchar', length: 255 }) idempotencyKey!: string;
  @Column({ type: 'varchar', length: 20 }) state!: string;
  @Column({ type: 'varchar', length: 11 }) msisdn!: string;
  @Column({ type: 'char', length: 6, nullable: true }) branch!: string | null;
  @Column({ type: 'bigint' }) amount!: bigint;
  @Column({ type: 'char', length: 3 }) currency!: string;
  @Column({ type: 'varchar', length: 64 }) teller!: string;
  @Column({ type: 'bigint', nullable: true }) balanceAfter!: bigint | null;
  @Column({ type: 'datetime', precision: 3 }) createdAt!: Date;
  @Column({ type: 'datetime', precision: 3 }) updatedAt!: Date;
}

@Entity('payment_history')
export class PaymentHistory {
  @PrimaryColumn({ type: 'char', length: 20 }) paymentNumber!: string;
  @PrimaryColumn({ type: 'int' }) n!: number;
  @Column({ type: 'varchar', length: 20 }) fromState!: string;
  @Column({ type: 'varchar', length: 20 }) toState!: string;
  @Column({ type: 'datetime', precision: 3 }) at!: Date;
}

/** What reconciliation reads, and what partners are told. */
@Entity('fact')
export class Fact {
  @PrimaryColumn({ type: 'char', length: 20 }) paymentNumber!: string;
  @PrimaryColumn({ type: 'varchar', length: 16 }) kind!: string;
  @Column({ type: 'varchar', length: 32 }) partner!: string;
  @Column({ type: 'bigint' }) amount!: bigint;
  @Column({ type: 'text' }) body!: string;
  @Column({ type: 'datetime', precision: 3 }) at!: Date;
}

export const GATEWAY_ENTITIES = [Payment, PaymentHistory, Fact];
