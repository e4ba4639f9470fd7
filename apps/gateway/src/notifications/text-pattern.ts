import { segmentCount } from '@yidian/smpp';
import { longestParts } from './longest-parts';
import { SMS_TEMPLATES, smsText, type Language, type ParamName, type Params, type SmsCode } from './sms-templates';

/** Why a pattern may not stand for a text. */
export type PatternFault = 'not_bracketed' | 'part_unknown' | 'link' | 'money_not_told' | 'too_long';

const PART = /\{([a-z]+)\}/g;
const LINK = /https?:|www\.|[a-z0-9-]+\.(?:com|cn|net|org|io|cc)\b/i;
const MOST_SEGMENTS = 2;
/** What says that nothing was taken, by language. A text that says so in the carrier's words says so in a branch's. */
const NOT_TAKEN: Readonly<Record<Language, RegExp>> = {
  zh: /没有扣款|没扣成|不会再/,
  en: /not charged|nothing (?:was|will be) charged/i,
};

/** `{amount}` becomes the amount; a part that is not given prints as nothing. */
export function filledIn(pattern: string, params: Params): string {
  return pattern.replace(PART, (_, name: string) => params[name as ParamName] ?? '');
}

/** Measured at its longest: over two segments of the air is refused, and so is whatever hides what became of the money. */
export function patternFault(code: SmsCode, language: Language, pattern: string): PatternFault | null {
  if (language === 'zh' ? !/^【[^【】]{1,12}】/.test(pattern) : !/^\[[^[\]]{1,20}\]/.test(pattern))
    return 'not_bracketed';
  const known = partsOf(code, language);
  for (const [, name] of pattern.matchAll(PART)) if (!known.has(name ?? '')) return 'part_unknown';
  if (/[{}]/.test(pattern.replace(PART, ''))) return 'part_unknown';
  if (LINK.test(pattern)) return 'link';
  const usual = smsText(code, longestParts(code), language);
  if (NOT_TAKEN[language].test(usual) && !NOT_TAKEN[language].test(pattern)) return 'money_not_told';
  return segmentCount(filledIn(pattern, longestParts(code))) > MOST_SEGMENTS ? 'too_long' : null;
}

/** The parts that the carrier's own text has, in either language: nothing else is known where it is written. */
function partsOf(code: SmsCode, language: Language): Set<string> {
  const asked = new Set<string>();
  const listening = new Proxy<Params>(
    {},
    {
      get: (_, name) => {
        asked.add(String(name));
        return '';
      },
    },
  );
  SMS_TEMPLATES[code][language](listening);
  SMS_TEMPLATES[code].zh(listening);
  return asked;
}
