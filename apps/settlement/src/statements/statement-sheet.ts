import type { PartyStatement } from '@yidian/contracts';
import { formatMajor, fromDigits, toJson } from '@yidian/money';
import writeExcelFile, { type Cell, type Row } from 'write-excel-file/node';

const HEADS: readonly (readonly [zh: string, en: string])[] = [
  ['机构', 'Provider'],
  ['渠道', 'Channel'],
  ['笔数', 'Count'],
  ['本金 元', 'Principal CNY'],
  ['手续费 元', 'Fee CNY'],
  ['酬金 元', 'Commission CNY'],
  ['调整 元', 'Adjustments CNY'],
  ['已付 元', 'Paid CNY'],
  ['净额 元', 'Net CNY'],
  ['净额 分', 'Net fen'],
];
const WIDTHS = [24, 22, 14, 20, 18, 22, 24, 18, 18, 18];
const CHANNELS: Readonly<Record<string, string>> = {
  partner_api: '合作方接口',
  sms: '短信',
  portal: '网上',
  hall: '营业厅',
  auto: '自动充值',
  batch: '批量',
};

/**
 * One sheet, Chinese and English heads. Codes are text cells. Yuan have two decimals and stand beside the exact fen; a
 * positive net is owed to the party by headquarters.
 */
export async function statementXlsx(statement: Omit<PartyStatement, 'xlsxBase64'>): Promise<Buffer> {
  const rows: Row[] = [
    [bold(`结算单 Settlement statement`)],
    [text('对方 Party'), text(statement.party), text(`${statement.nameZh} ${statement.nameEn}`)],
    [text('日期 Date'), text(statement.date), text('币种 Currency CNY')],
    [],
    ...summary(statement),
    [],
    HEADS.map(([zh, en]) => bold(`${zh} ${en}`)),
    ...statement.lines.map((line) => [
      text(line.provider),
      text(channelName(line.channel)),
      { value: line.count, type: Number },
      ...[yuan(line.principal), yuan(line.fee), yuan(line.commission), yuan(line.adjustments), yuan(line.paid)],
      ...[yuan(line.net), fen(line.net)],
    ]),
  ];
  const columns = WIDTHS.map((width) => ({ width }));
  return writeExcelFile(rows, { sheet: '结算单 Statement', columns }).toBuffer();
}

function summary(statement: Omit<PartyStatement, 'xlsxBase64'>): Row[] {
  const figures: readonly (readonly [string, string])[] = [
    ['本金 Gross', statement.gross],
    ['退费 Refunds', statement.refunds],
    ['手续费 Fees', statement.fees],
    ['付出酬金 Commission given', statement.commissionGiven],
    ['应得酬金 Commission earned', statement.commissionEarned],
    ['调整 Adjustments', statement.adjustments],
    ['已付 Paid', statement.paid],
    ['净额 Net', statement.net],
  ];
  return [
    [bold('项目 Item'), bold('元 CNY'), bold('分 Fen')],
    ...figures.map(([name, amount]) => [text(name), yuan(amount), fen(amount)]),
  ];
}

/** What a spreadsheet would take for a formula is disarmed; ids keep all their digits. */
const text = (value: string): Cell => ({ value: /^[=+\-@]/.test(value) ? `'${value}` : value, type: String });
const bold = (value: string): Cell => ({ value, type: String, fontWeight: 'bold' });
const channelName = (code: string): string => [CHANNELS[code], code].filter(Boolean).join(' ');

/** Number cells are doubles by the format's definition: up to 15 digits print back exactly, beyond that the cell is text. */
function yuan(amount: string): Cell {
  const major = formatMajor(fromDigits(amount));
  if (amount.replace('-', '').length > 15) return text(major);
  return { value: Number(major), type: Number, format: '#,##0.00' };
}

const fen = (amount: string): Cell => ({ value: toJson(fromDigits(amount)), type: Number, format: '0' });
