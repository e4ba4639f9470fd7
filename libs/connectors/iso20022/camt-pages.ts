import { StatementControls } from './camt-controls';
import type { Page } from './camt-page';

/**
 * Pages of one file. A statement may go over several of them, in whichever order they come: the opening balance stands on
 * one, the closing balance on another, or both on each, and only all entries together can be compared with them.
 */
export class Pages {
  private readonly wholes = new Map<string, StatementControls>();
  private readonly messages = new PageNumbers('');
  private readonly statements = new Map<string, PageNumbers>();

  message(page: Page | null): void {
    if (page) this.messages.add(page);
  }

  /**
   * What can be compared now: a statement that is on one page, or agrees with itself whatever the page says. Null: it is
   * joined with its other pages.
   */
  statement(controls: StatementControls, ofMessage: Page | null): StatementControls | null {
    const { id, page } = controls;
    if (page) {
      const numbers = this.statements.get(id) ?? new PageNumbers(' of one statement');
      this.statements.set(id, numbers);
      numbers.add(page);
    }
    const paged = [page, ofMessage].some((one) => one !== null && !(one.number === 1 && one.last));
    if (!paged || controls.balanced()) return controls;
    const whole = this.wholes.get(id) ?? new StatementControls();
    this.wholes.set(id, whole);
    whole.join(controls);
    return null;
  }

  /** At the end of the file: the joined statements, and the pages that never came. */
  end(): { wholes: StatementControls[]; findings: string[] } {
    const numbers = [this.messages, ...this.statements.values()];
    return { wholes: [...this.wholes.values()], findings: numbers.flatMap((one) => one.missing()) };
  }
}

/** A file may hold several paged messages one after the other: a number that comes again begins the next. */
class PageNumbers {
  private readonly found: string[] = [];
  private numbers = new Set<number>();
  private last: number | null = null;

  constructor(private readonly what: string) {}

  add({ number, last }: Page): void {
    if (this.numbers.has(number)) this.close();
    this.numbers.add(number);
    if (last) this.last = number;
  }

  missing(): string[] {
    this.close();
    return this.found;
  }

  private close(): void {
    const { numbers, last } = this;
    if (numbers.size === 0) return;
    const gaps = Array.from({ length: last ?? Math.max(...numbers) }, (_, n) => n + 1).filter((n) => !numbers.has(n));
    const named = [...gaps.slice(0, 10).map(String), ...(last === null ? ['the last'] : [])];
    if (named.length > 0) this.found.push(`pages${this.what} are missing: ${named.join(', ')}`);
    this.numbers = new Set();
    this.last = null;
  }
}
