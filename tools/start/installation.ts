import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Places } from '../platform/places';

const state = z.object({
  subscribersSeeded: z.boolean().default(false),
  demoDone: z.boolean().default(false),
});
export type InstallationState = z.infer<typeof state>;

/** What a first start has finished, so that a second one goes on from there. */
export function readInstallation(places: Places): InstallationState {
  const path = fileOf(places);
  return state.parse(existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {});
}

export function noteInstallation(places: Places, done: Partial<InstallationState>): void {
  writeFileSync(fileOf(places), JSON.stringify({ ...readInstallation(places), ...done }), { mode: 0o600 });
}

const fileOf = (places: Places) => join(places.data, 'installation.json');
