import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A single number that another than its segment's branch serves, from a date on, until a date (exclusive) or without end. */
@Entity('ported_number')
@Index('ported_number_pending', ['pending', 'validFrom'])
export class PortedNumber {
  @PrimaryColumn({ type: 'char', length: 11 })
  msisdn!: string;

  @PrimaryColumn({ name: 'valid_from', type: 'date' })
  validFrom!: string;

  @Column({ name: 'valid_to', type: 'date', nullable: true })
  validTo!: string | null;

  /** Null: another carrier serves it. */
  @Column({ type: 'char', length: 6, nullable: true })
  branch!: string | null;

  /** The imported file it came with; 0: by a registration. */
  @PrimaryColumn({ type: 'int', default: 0 })
  version!: number;

  /** 1 until its holder, if it has one, has been told. */
  @Column({ type: 'tinyint', default: 0 })
  pending!: number;
}
