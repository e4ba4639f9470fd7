import type { ConnectorDefinition } from '@yidian/connectors/contract';
import type { PlayedProvider } from '@yidian/connectors/contract/played-provider';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The spec names who plays the provider: `connectorConformance('alipay', () => PlayedAlipay.start())`. */
const SUITE = /connectorConformance\('([^']+)', \(\) => (\w+)\.start\(/g;

/**
 * Who plays each provider in the conformance suite, closed again: it still says what can be tried on it.
 * @throws Error naming connectors that no spec runs the suite on
 */
export async function triedOn(
  connectors: readonly ConnectorDefinition[],
  root: string,
): Promise<Map<string, PlayedProvider>> {
  const played = new Map<string, PlayedProvider>();
  const untested: string[] = [];
  for (const { name } of connectors) {
    const place = playerOf(root, name);
    if (place) played.set(name, await started(place));
    else untested.push(name);
  }
  if (untested.length > 0) throw new Error(`no spec runs the conformance suite on ${untested.join(', ')}`);
  return played;
}

interface Place {
  module: string;
  player: string;
}

function playerOf(root: string, name: string): Place | undefined {
  const folder = join(root, 'libs/connectors', name);
  for (const file of readdirSync(folder).filter((one) => one.endsWith('.spec.ts'))) {
    const text = readFileSync(join(folder, file), 'utf8');
    const player = [...text.matchAll(SUITE)].find(([, tested]) => tested === name)?.[2];
    const from = new RegExp(`import \\{[^}]*\\b${player}\\b[^}]*\\} from '\\./([\\w-]+)'`).exec(text)?.[1];
    if (player !== undefined && from !== undefined) return { module: `${name}/${from}`, player };
  }
  return undefined;
}

async function started({ module, player }: Place): Promise<PlayedProvider> {
  const path = join(__dirname, '../../libs/connectors', module);
  const found = (await import(path)) as Record<string, { start: () => Promise<PlayedProvider> } | undefined>;
  const provider = await found[player]?.start();
  if (!provider) throw new Error(`${module} has no ${player}`);
  await provider.close();
  return provider;
}
