import { Module } from '@nestjs/common';
import { TopupsModule } from '../topups/topups.module';
import { InvoicesController } from './invoices.controller';
import { MarkInvoices } from './mark-invoices';

@Module({ imports: [TopupsModule], controllers: [InvoicesController], providers: [MarkInvoices] })
export class InvoicesModule {}
