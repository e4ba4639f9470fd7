import { STATUS_CODES } from 'node:http';

/** Tabs and printable ASCII: what cannot end a line. */
const SAFE = /^[\t -~]*$/;

/** Takes a whole answer; called once. */
export type SendWhole = (status: number, fields: string, body: string) => void;

/** An answer under the names that Fastify's reply has. A field that is given again replaces the first. */
export class DirectAnswer {
  sent = false;
  private status = 200;
  private readonly names: string[] = [];
  private readonly values: string[] = [];

  constructor(private readonly whole: SendWhole) {}

  code(status: number): this {
    this.status = status;
    return this;
  }

  /** @throws Error for a value that would not be one field */
  header(name: string, value: string): this {
    if (!SAFE.test(value)) throw new Error(`the field ${name} cannot be sent`);
    const at = this.names.indexOf(name);
    if (at >= 0) this.values[at] = value;
    else {
      this.names.push(name);
      this.values.push(value);
    }
    return this;
  }

  send(body: string): this {
    if (this.sent) return this;
    this.sent = true;
    const { names, values } = this;
    let fields = '';
    for (let i = 0; i < names.length; i++) fields += `${names[i]}: ${values[i]}\r\n`;
    this.whole(this.status, fields, body);
    return this;
  }
}

const starts = new Map<number, string>();

export function statusLine(status: number): string {
  let line = starts.get(status);
  if (line === undefined) starts.set(status, (line = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'unknown'}\r\n`));
  return line;
}

let lastDate = { second: -1, field: '' };

/** `Date`, written anew each second. */
export function dateLine(): string {
  const second = Math.floor(Date.now() / 1000);
  if (lastDate.second !== second) {
    lastDate = { second, field: `Date: ${new Date(second * 1000).toUTCString()}\r\n` };
  }
  return lastDate.field;
}
