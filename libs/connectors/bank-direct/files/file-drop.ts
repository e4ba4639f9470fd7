import { collected } from '../../contract';

/** Where files are exchanged with a bank. Whatever is thrown says nothing about what arrived: ask before sending again. */
export interface FileDrop {
  /** Names of complete files of the bank that fit, in order of their names. */
  names(pattern: NamePattern, signal: AbortSignal): Promise<string[]>;
  /** null: not there. The bytes are read to their end, and reading fails there when they are not whole. */
  open(name: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array> | null>;
  /** `already_there`: the bank has it, or has taken it. @throws Error also when its name holds another content there */
  send(name: string, content: Buffer, signal: AbortSignal): Promise<'sent' | 'already_there'>;
}

/** A file's name with the date left open; `*` stands for what the bank chooses (a sequence, a time). */
export class NamePattern {
  private readonly expression: RegExp;

  /** @param pattern with `{date}` (2026-11-22), `{yyyymmdd}` or `{yymmdd}` where the date stands */
  constructor(pattern: string, date = '') {
    const digits = date.replaceAll('-', '');
    this.text = pattern
      .replaceAll('{date}', date)
      .replaceAll('{yyyymmdd}', digits)
      .replaceAll('{yymmdd}', digits.slice(2));
    const letters = this.text.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    this.expression = new RegExp(`^${letters.join('[^/]*')}$`);
  }

  readonly text: string;

  /** Nothing is left open: the name can be asked for. */
  get exact(): boolean {
    return !this.text.includes('*');
  }

  fits(name: string): boolean {
    return this.expression.test(name);
  }
}

/** A file that is still being written. */
export const PART = '.part';

/** Larger than any file that is held in memory as a whole on its way in. */
export const LARGEST_FILE = 1024 * 1024 * 1024;

/** In memory. null: not there. */
export async function fetched(drop: FileDrop, name: string, signal: AbortSignal): Promise<Buffer | null> {
  const bytes = await drop.open(name, signal);
  return bytes && (await collected(LARGEST_FILE, bytes));
}
