import { Type } from 'class-transformer';
import {
  IsIn,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';

export class FundingDto {
  @IsIn(['collected']) type!: string;
  @IsISO8601() taken_at!: string;
  @IsOptional() @IsString() @MaxLength(32) teller?: string;
}

export class CreatePaymentDto {
  @Matches(/^[\x21-\x7e]{1,64}$/) reference!: string;
  @Matches(/^1\d{10}$/) number!: string;
  @IsInt() @Min(1_000) @Max(50_000) amount!: number;
  @IsIn(['CNY']) currency!: string;
  @ValidateNested() @Type(() => FundingDto) funding!: FundingDto;
}
