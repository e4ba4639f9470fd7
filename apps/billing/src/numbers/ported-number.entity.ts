import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A single number that a branch other than its segment's serves, from a date on, until a date (exclusive) or without end. */
@Entity('ported_number')
export class PortedNumber {
  @PrimaryColumn({ type: 'char', length: 11 })
  msisdn!: string;

  @PrimaryColumn({ name: 'effective_from', type: 'date' })
  effectiveFrom!: string;

  @Column({ name: 'effective_to', type: 'date', nullable: true })
  effectiveTo!: string | null;

  @Column({ type: 'char', length: 6 })
  branch!: string;
}
