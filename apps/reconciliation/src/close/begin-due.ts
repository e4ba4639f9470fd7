import { Injectable } from '@nestjs/common';
import { addDays } from '../dates';
import { KnownProviders } from '../providers/known-providers';
import { BeginNight } from './begin-night';

/** Begins the nights whose provider has a cut-off time and is past it. Derived from open dates, never from a tick. */
@Injectable()
export class BeginDue {
  constructor(
    private readonly providers: KnownProviders,
    private readonly begin: BeginNight,
  ) {}

  async execute(now = new Date()): Promise<void> {
    for (const provider of await this.providers.list()) {
      const { cutOff } = provider.profile;
      if (cutOff !== undefined && isPast(provider.openDate, cutOff, now))
        await this.begin.execute(provider, provider.openDate);
    }
  }
}

/** A cut-off before noon is on the next calendar day, as 00:00 or 00:30; one after noon on the date itself, as 23:00. */
export function isPast(date: string, cutOff: string, now: Date): boolean {
  const day = cutOff < '12:00' ? addDays(date, 1) : date;
  return now >= new Date(`${day}T${cutOff}:00+08:00`);
}
