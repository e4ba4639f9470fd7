import type { ConnectorDefinition } from '@yidian/connectors/contract';
import { CONNECTORS } from '@yidian/connectors/registry.gen';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { UsageError } from './usage-error';

const profile = z.object({ providers: z.array(z.object({ code: z.string(), connector: z.string() })) });

export interface KnownProvider {
  definition: ConnectorDefinition;
  /** Our code of it, when it is one of the carrier's; a connector by itself has none. */
  code: string | undefined;
}

/** A connector by its folder's name, else a provider of the carrier's profile (`PROFILE`, or the demo's). */
export function findProvider(name: string, root: string): KnownProvider {
  const definition = CONNECTORS.find((one) => one.name === name);
  if (definition) return { definition, code: undefined };
  const configured = configuredProviders(root).find(({ code }) => code === name);
  const behind = CONNECTORS.find((one) => one.name === configured?.connector);
  if (behind) return { definition: behind, code: name };
  const names = CONNECTORS.map((one) => one.name).join(', ');
  throw new UsageError(`There is no connector or configured provider "${name}". Connectors: ${names}.`);
}

function configuredProviders(root: string): { code: string; connector: string }[] {
  const path = process.env['PROFILE'] ?? join(root, '.data', 'demo', 'profile.json');
  if (!existsSync(path)) return [];
  const read = profile.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (!read.success) throw new UsageError(`${path} is no carrier profile.`);
  return read.data.providers;
}
