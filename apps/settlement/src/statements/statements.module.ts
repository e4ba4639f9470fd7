import { Module } from '@nestjs/common';
import { PartiesModule } from '../parties/parties.module';
import { PositionsModule } from '../positions/positions.module';
import { GetStatement } from './get-statement';
import { StatementsController } from './statements.controller';

@Module({ imports: [PartiesModule, PositionsModule], controllers: [StatementsController], providers: [GetStatement] })
export class StatementsModule {}
