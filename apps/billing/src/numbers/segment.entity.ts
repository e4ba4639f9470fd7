import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The first 7 digits of a number belong to a branch from a date on, until a date (exclusive) or without end. */
@Entity('segment')
export class Segment {
  @PrimaryColumn({ type: 'char', length: 7 })
  prefix!: string;

  @PrimaryColumn({ name: 'effective_from', type: 'date' })
  effectiveFrom!: string;

  @Column({ name: 'effective_to', type: 'date', nullable: true })
  effectiveTo!: string | null;

  @Column({ type: 'char', length: 6 })
  branch!: string;
}
