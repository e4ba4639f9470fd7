import { Injectable } from '@nestjs/common';
import { Languages } from '../../notifications/languages';
import { PersonNumbers } from '../../notifications/person-number';
import type { Language } from '../../notifications/sms-templates';
import { languageOf } from './language-of';
import { say, type Outcome } from './text-order';

/** Who writes in English is answered in English; who has said which he wants, in that. */
@Injectable()
export class ChooseLanguage {
  constructor(
    private readonly languages: Languages,
    private readonly numbers: PersonNumbers,
  ) {}

  async heard(from: string, text: string): Promise<void> {
    const language = languageOf(text);
    if (language) await this.languages.heard(this.numbers.blind(from), language);
  }

  async choose(from: string, language: Language): Promise<Outcome> {
    await this.languages.choose(this.numbers.blind(from), language);
    return say('language_set');
  }
}
