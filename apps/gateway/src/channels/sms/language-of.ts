import type { Language } from '../../notifications/sms-templates';
import { foldWidth } from './read-command';

/** Words that only somebody who writes English uses; `CZ`, `YE` and `ZD` stand for Chinese ones and say nothing. */
const ENGLISH =
  /\b(?:top ?up|balance|bal|history|last|auto|skip|bind|unbind|link|unlink|block|stop|help|yuan|english)\b/;

/** The language of a command; null where it may be either. A name in the other language does not decide. */
export function languageOf(text: string): Language | null {
  const plain = foldWidth(text).toLowerCase();
  if (ENGLISH.test(plain.replace(/\d/g, ' '))) return 'en';
  return /\p{Script=Han}/u.test(plain) ? 'zh' : null;
}
