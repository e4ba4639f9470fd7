import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The first 7 to 9 digits of numbers belong to a branch from a date on, until a date (exclusive) or without end. */
@Entity('segment')
export class Segment {
  @PrimaryColumn({ type: 'varchar', length: 9 })
  prefix!: string;

  @PrimaryColumn({ name: 'valid_from', type: 'date' })
  validFrom!: string;

  @Column({ name: 'valid_to', type: 'date', nullable: true })
  validTo!: string | null;

  @Column({ type: 'char', length: 6 })
  branch!: string;

  /** As the source names it: 1 China Mobile, 2 Unicom, 3 Telecom, 4 to 6 their virtual operators; 0 not told. */
  @Column({ type: 'tinyint', default: 0 })
  carrier!: number;

  /** The imported file it came with; 0: opened by a registration. */
  @PrimaryColumn({ type: 'int', default: 0 })
  version!: number;
}
