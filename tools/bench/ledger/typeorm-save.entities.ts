import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The door's tables as TypeORM entities, digits as strings as the driver gives them. */
@Entity('posting')
export class PostingEntity {
  @PrimaryColumn('date', { name: 'key_day' }) keyDay!: string;
  @PrimaryColumn('varchar', { length: 80 }) k!: string;
  @Column('varchar', { length: 8 }) outcome!: string;
  @Column('varchar', { length: 40 }) reason!: string;
  @Column('varchar', { length: 64 }) actor!: string;
  @Column('binary', { name: 'input_hash', length: 32 }) inputHash!: Buffer;
  @Column('text') input!: string;
  @Column('text') balances!: string;
  @Column('int', { name: 'lane_id' }) laneId!: number;
  @Column('bigint', { name: 'batch_no' }) batchNo!: string;
  @Column('int') n!: number;
  @Column('datetime', { precision: 3 }) at!: Date;
}

@Entity('transfer')
export class TransferEntity {
  @PrimaryColumn('int', { name: 'lane_id' }) laneId!: number;
  @PrimaryColumn('bigint', { name: 'batch_no' }) batchNo!: string;
  @PrimaryColumn('int') n!: number;
  @PrimaryColumn('date') day!: string;
  @Column('varchar', { length: 80 }) k!: string;
  @Column('varchar', { length: 80 }) debit!: string;
  @Column('varchar', { length: 80 }) credit!: string;
  @Column('bigint') amount!: string;
  @Column('char', { length: 3 }) currency!: string;
  @Column('varchar', { length: 20 }) kind!: string;
  @Column('varchar', { name: 'refers_to', length: 80 }) refersTo!: string;
  @Column('tinyint') forced!: number;
  @Column('datetime', { precision: 3 }) at!: Date;
}

@Entity('account')
export class AccountEntity {
  @PrimaryColumn('varchar', { length: 80 }) id!: string;
  @Column('varchar', { length: 20 }) kind!: string;
  @Column('char', { length: 3 }) currency!: string;
  @Column('bigint') floor!: string;
  @Column('bigint') ceiling!: string;
  @Column('bigint') balance!: string;
  @Column('bigint') slack!: string;
  @Column('bigint') version!: string;
}

@Entity('account_part')
export class AccountPartEntity {
  @PrimaryColumn('varchar', { name: 'account_id', length: 80 }) accountId!: string;
  @PrimaryColumn('char', { length: 3 }) currency!: string;
  @PrimaryColumn('int') slot!: number;
  @Column('bigint') balance!: string;
}

export const ENTITIES = [PostingEntity, TransferEntity, AccountEntity, AccountPartEntity];
