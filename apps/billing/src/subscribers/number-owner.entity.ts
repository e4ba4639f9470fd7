import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Who held a number from when until when; the unique key allows one row that is open, hence one holder now. */
@Entity('number_owner')
@Index('number_owner_open', ['msisdn', 'isOpen'], { unique: true })
export class NumberOwner {
  @PrimaryColumn({ type: 'char', length: 11 })
  msisdn!: string;

  @Column({ type: 'char', length: 6 })
  branch!: string;

  @PrimaryColumn({ name: 'subscriber_id', type: 'varchar', length: 32 })
  subscriberId!: string;

  @PrimaryColumn({ name: 'owner_version', type: 'int', default: 1 })
  ownerVersion!: number;

  @PrimaryColumn({ name: 'valid_from', type: 'datetime', precision: 3 })
  validFrom!: Date;

  /** Exclusive. */
  @Column({ name: 'valid_to', type: 'datetime', precision: 3, nullable: true })
  validTo!: Date | null;

  /** 1, or null once another row has followed. */
  @Column({ name: 'is_open', type: 'tinyint', nullable: true, default: 1 })
  isOpen!: number | null;
}
