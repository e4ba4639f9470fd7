import { decimalsOf, fromDecimal, MoneyError } from '@yidian/money';
import { amountIn, signed, type Amount } from './camt-amounts';
import { dayIn, lastDayOf } from './camt-dates';
import { pageIn, type Page } from './camt-page';
import { nodeAt, textAt, type XmlNode } from './xml-tree';

/** Entries of one statement, of one way of counting. */
interface Count {
  entries: number;
  credits: { entries: number; sum: bigint };
  debits: { entries: number; sum: bigint };
}

const none = (): Count => ({ entries: 0, credits: { entries: 0, sum: 0n }, debits: { entries: 0, sum: 0n } });

/**
 * What one statement says of itself against what was read of it: opening balance + booked entries = closing balance, and
 * the summary's counts and sums. Real files fail these; that is a finding about the file and never ends the reading.
 */
export class StatementControls {
  private readonly booked = none();
  private readonly all = none();
  private opening: Amount | null = null;
  private closing: Amount | null = null;
  private summary: XmlNode | undefined;
  private readonly currencies = new Set<string>();
  /** What is wrong with the statement's own words. */
  readonly findings: string[] = [];
  /** Entries whose sum could not be read. */
  private unread = 0;
  /** Day of the closing balance. */
  closingDay = '';
  /** The account and the bank's name of the statement: what its pages have in common. */
  id = '';
  page: Page | null = null;

  /** @param currency of the account, '' while not known */
  constructor(public currency = '') {}

  /** What stands beside the entries; a name that is none of these says nothing here. */
  member(node: XmlNode): void {
    if (node.name === 'Bal') this.balance(node, dayIn(nodeAt(node, 'Dt')));
    else if (node.name === 'TxsSummry') this.summary = node;
    else if (node.name === 'Acct') this.account(node);
    else if (node.name === 'Id') this.id += node.text;
    else if (node.name.endsWith('Pgntn')) this.page = pageIn(node);
    else if (node.name === 'FrToDt') this.closingDay ||= lastDayOf(node);
  }

  private account(node: XmlNode): void {
    this.currency ||= textAt(node, 'Ccy');
    const id = nodeAt(node, 'Id');
    this.id += `\u001f${textAt(id, 'IBAN') || textAt(id, 'Othr', 'Id')}`;
  }

  private balance(node: XmlNode, day: string): void {
    const type = textAt(node, 'Tp', 'CdOrPrtry', 'Cd') || textAt(node, 'Tp', 'Cd');
    if (type !== 'OPBD' && type !== 'PRCD' && type !== 'CLBD') return;
    try {
      const { amount, currency } = amountIn(nodeAt(node, 'Amt'), this.currency);
      const balance = { amount: signed(amount, textAt(node, 'CdtDbtInd')), currency };
      if (type === 'CLBD') [this.closing, this.closingDay] = [balance, day];
      else if (type === 'OPBD' || this.opening === null) this.opening = balance;
    } catch (error) {
      if (!(error instanceof MoneyError)) throw error;
      this.findings.push(`balance ${type}: ${error.message}`);
    }
  }

  /** @param amount signed, as booked */
  entry(amount: bigint, currency: string, booked: boolean): void {
    this.currencies.add(currency);
    for (const count of booked ? [this.booked, this.all] : [this.all]) {
      const side = amount < 0n ? count.debits : count.credits;
      count.entries++;
      side.entries++;
      side.sum += amount < 0n ? -amount : amount;
    }
  }

  unreadable(): void {
    this.unread++;
  }

  /**
   * Another page of the same statement. Banks differ in whether a page's summary is of the page or of the whole: one that
   * fits its own page has been checked by that, any other must fit the whole.
   */
  join(page: StatementControls): void {
    this.findings.push(...page.findings);
    if (page.summary && page.summed().length > 0) this.summary = page.summary;
    this.currency ||= page.currency;
    this.closingDay ||= page.closingDay;
    this.opening ??= page.opening;
    this.closing ??= page.closing;
    this.unread += page.unread;
    for (const currency of page.currencies) this.currencies.add(currency);
    addUp(this.booked, page.booked);
    addUp(this.all, page.all);
  }

  /** Booked entries by the file's own word, in its currency; null when it does not say. */
  declaredAmount(): Amount | null {
    const { opening, closing } = this;
    if (opening && closing && opening.currency === closing.currency)
      return { amount: closing.amount - opening.amount, currency: opening.currency };
    return null;
  }

  /** Entries by the file's own count; null when it does not say. */
  declaredEntries(): number | null {
    return counted(textAt(this.summary, 'TtlNtries', 'NbOfNtries'));
  }

  /** Both balances are there and its own entries lie between them. */
  balanced(): boolean {
    return this.opening !== null && this.closing !== null && this.balances().length === 0;
  }

  /** Run once the statement is complete. */
  check(): string[] {
    return [...this.findings, ...this.balances(), ...this.summed()];
  }

  private balances(): string[] {
    const { opening, closing } = this;
    if (!opening || !closing) return [];
    if (opening.currency !== closing.currency) return ['opening and closing balance are in different currencies'];
    if ([...this.currencies].some((currency) => currency !== opening.currency)) return [];
    const moved = this.booked.credits.sum - this.booked.debits.sum;
    return opening.amount + moved === closing.amount
      ? []
      : ['opening balance and entries do not give the closing balance'];
  }

  /** Banks differ in whether pending entries are counted in the summary: either way agrees. */
  private summed(): string[] {
    if (!this.summary) return [];
    const currency = this.currency || [...this.currencies][0] || '';
    const agrees = (place: string, of: (count: Count) => { entries: number; sum: bigint }) => {
      const entries = counted(textAt(this.summary, place, 'NbOfNtries'));
      const sum = this.currencies.size > 1 ? null : summedText(textAt(this.summary, place, 'Sum'), currency);
      return [this.booked, this.all].some((count) => {
        const found = of(count);
        const counts = entries === null || entries === found.entries + this.unread || entries === found.entries;
        return counts && (sum === null || sum === found.sum);
      });
    };
    const both = ({ entries, credits, debits }: Count) => ({ entries, sum: credits.sum + debits.sum });
    return [
      ...(agrees('TtlNtries', both) ? [] : ['the summary of all entries differs from the entries']),
      ...(agrees('TtlCdtNtries', ({ credits }) => credits) ? [] : ['the summary of credits differs from the entries']),
      ...(agrees('TtlDbtNtries', ({ debits }) => debits) ? [] : ['the summary of debits differs from the entries']),
    ];
  }
}

function addUp(into: Count, { entries, credits, debits }: Count): void {
  into.entries += entries;
  into.credits.entries += credits.entries;
  into.credits.sum += credits.sum;
  into.debits.entries += debits.entries;
  into.debits.sum += debits.sum;
}

function counted(text: string): number | null {
  return /^\d{1,9}$/.test(text) ? Number.parseInt(text, 10) : null;
}

function summedText(text: string, currency: string): bigint | null {
  try {
    return text === '' ? null : fromDecimal(text, decimalsOf(currency));
  } catch {
    return null;
  }
}
