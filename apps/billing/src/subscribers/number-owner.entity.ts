import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The one subscriber a branch has under a number now; the primary key keeps a second one out. */
@Entity('number_owner')
export class NumberOwner {
  @PrimaryColumn({ type: 'char', length: 11 })
  msisdn!: string;

  @PrimaryColumn({ type: 'char', length: 6 })
  branch!: string;

  @Column({ name: 'subscriber_id', type: 'varchar', length: 32 })
  subscriberId!: string;

  @Column({ type: 'datetime', precision: 3 })
  since!: Date;
}
