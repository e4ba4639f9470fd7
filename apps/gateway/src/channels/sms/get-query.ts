import { z } from 'zod';
import { mobileNumber } from './mobile-number';

/** What a gateway such as Kannel puts into its GET: `from=%p&to=%P&text=%a&time=%t&id=%I&coding=%c&charset=%C`. */
export interface GetMessage {
  id: string;
  from: string;
  text: string;
}

const LONGEST = 8_000;
const MOST_MEMBERS = 30;
/** Kannel's numbers: 0 seven bits, 1 eight bits, 2 UCS-2. */
const UCS2 = '2';

const known = z.object({
  id: z.string().regex(/^[\x21-\x7e]{1,56}$/),
  from: z.string().transform((written, context) => {
    const number = mobileNumber(written);
    if (!number) context.addIssue({ code: 'custom', message: 'not a mobile number' });
    return number ?? '';
  }),
  to: z.string().min(1).max(24),
  text: z.string().max(1_000),
  time: z.string().max(40).optional(),
});

/**
 * The query by its octets, since the text's alphabet is named in the query itself: `charset`, or UTF-16 for coding 2 without
 * one, or UTF-8. No message where what is needed is missing, or octets are not of their alphabet.
 */
export function readGetQuery(url: string): { key: string; message: GetMessage | null } {
  const raw = membersOf(url);
  if (!raw) return { key: '', message: null };
  const plain = (name: string) => raw.get(name)?.toString('utf8');
  const charset = plain('charset') || (plain('coding') === UCS2 && !utf8(raw.get('text')) ? 'utf-16be' : 'utf-8');
  const text = decode(raw.get('text') ?? Buffer.alloc(0), charset);
  const message = known.safeParse({
    ...{ id: plain('id'), from: plain('from'), to: plain('to') },
    ...{ text, time: plain('time') },
  });
  if (!message.success) return { key: plain('key') ?? '', message: null };
  const { id, from } = message.data;
  return { key: plain('key') ?? '', message: { id, from, text: message.data.text } };
}

function membersOf(url: string): Map<string, Buffer> | null {
  const at = url.indexOf('?');
  if (at < 0 || url.length > LONGEST) return null;
  const members = url.slice(at + 1).split('&');
  if (members.length > MOST_MEMBERS) return null;
  const found = new Map<string, Buffer>();
  for (const member of members) {
    const equals = member.indexOf('=');
    const [name, value] = equals < 0 ? [member, ''] : [member.slice(0, equals), member.slice(equals + 1)];
    const octets = percentDecoded(value);
    if (!octets) return null;
    if (!found.has(name)) found.set(name, octets);
  }
  return found;
}

/** Null for a percent sign without two hexadecimal figures. */
function percentDecoded(text: string): Buffer | null {
  if (/%(?![0-9a-f]{2})/i.test(text)) return null;
  const bytes = text
    .replace(/\+/g, ' ')
    .replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1');
}

const utf8 = (octets: Buffer | undefined): boolean =>
  octets !== undefined && decode(octets, 'utf-8') !== null && !octets.includes(0);

/** Null for octets that are not of that alphabet, and for one that nobody knows. */
function decode(octets: Buffer, charset: string): string | null {
  const label = /^(?:ucs-?2|utf-?16|iso-10646-ucs-2)$/i.test(charset) ? 'utf-16be' : charset;
  try {
    return new TextDecoder(label, { fatal: true }).decode(octets);
  } catch {
    return null;
  }
}
