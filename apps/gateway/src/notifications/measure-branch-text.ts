import { segmentCount } from '@yidian/smpp';
import { longestParts } from './longest-parts';
import { SMS_TEMPLATES, ucs2Units, type Language, type Params, type SmsCode } from './sms-templates';
import { filledIn, patternFault, type PatternFault } from './text-pattern';

export interface Measured {
  /** The pattern that was measured. */
  text: string;
  /** As it goes out with everything at its longest. */
  longest: string;
  units: number;
  segments: number;
  /** Why it could not be saved; null: it could. */
  fault: PatternFault | null;
}

/** The carrier's own words with their parts named, to begin from. */
export function usualPattern(code: SmsCode, language: Language): string {
  const named: Params = Object.fromEntries(Object.keys(longestParts(code)).map((name) => [name, `{${name}}`]));
  return SMS_TEMPLATES[code][language](named);
}

/** What saving would say, before anything is saved. @param text empty: the carrier's words */
export function measureText(code: SmsCode, language: Language, text: string): Measured {
  const own = text !== '';
  const pattern = own ? text : usualPattern(code, language);
  const longest = filledIn(pattern, longestParts(code));
  const fault = own ? patternFault(code, language, pattern) : null;
  return { text: pattern, longest, units: ucs2Units(longest), segments: segmentCount(longest), fault };
}
