import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newSecrets } from '@yidian/security';
import { DateTime } from 'luxon';
import { demoBss, provinceUrl, type DemoBss } from '../../sandbox/src/demo/demo-bss';
import { readDemoFile, type DemoFile } from '../../sandbox/src/demo/demo-file';
import { demoProfile, OUR_KEY_ID } from '../../sandbox/src/demo/demo-profile';
import { treasuryProfile } from '../../sandbox/src/demo/treasury-profile';
import type { Places } from './places';

export interface DemoFiles {
  profile: string;
  settlementProfile: string;
  treasuryProfile: string;
  demoFile: string;
  demo: DemoFile;
  /** Of the branch that keeps its own billing system. */
  bss: { profile: string; keyFile: string; provinceFile: string };
}

/** The demo's business date: yesterday in Asia/Shanghai, so that its day can be closed now. */
export function yesterday(now = DateTime.now()): string {
  return now.setZone('Asia/Shanghai').minus({ days: 1 }).toFormat('yyyy-MM-dd');
}

/**
 * Keys, operators and contracts of the demo, made once and kept (mode 600). When the sandbox had to move to another port
 * the addresses in the profile follow it; keys and dates never change.
 */
export async function ensureDemoFiles(
  places: Places,
  sandboxUrl: string,
  given: { seed?: string; firstBusinessDate?: string; smscSecret?: string } = {},
): Promise<DemoFiles> {
  const profile = join(places.demo, 'profile.json');
  const settlementProfile = join(places.demo, 'settlement-profile.json');
  const treasury = join(places.demo, 'treasury-profile.json');
  const demoFile = join(places.demo, 'demo.json');
  if (!existsSync(demoFile)) {
    const made = await demoProfile({
      firstBusinessDate: given.firstBusinessDate ?? yesterday(),
      sandboxUrl,
      seed: given.seed ?? randomBytes(8).toString('hex'),
    });
    if (given.smscSecret) made.demoFile.smscSecret = given.smscSecret;
    for (const { name, content } of made.keyFiles) writeSecret(join(places.keys, name), content);
    writeSecret(profile, json(made.profile));
    writeSecret(settlementProfile, json(made.settlementProfile));
    writeSecret(demoFile, json(made.demoFile)); // last: its presence says that the others are whole
  }
  if (!existsSync(treasury)) writeSecret(treasury, json(treasuryProfile()));
  moveProviders(profile, sandboxUrl);
  if (!existsSync(places.secretsFile)) writeSecret(places.secretsFile, json(newSecrets(OUR_KEY_ID)));
  return {
    profile,
    settlementProfile,
    treasuryProfile: treasury,
    demoFile,
    demo: readDemoFile(demoFile),
    bss: ensureBssFiles(places, sandboxUrl),
  };
}

function ensureBssFiles(places: Places, sandboxUrl: string): DemoFiles['bss'] {
  const profile = join(places.demo, 'bss-profile.json');
  const keyFile = join(places.demo, 'bss-key.json');
  const provinceFile = join(places.demo, 'bss-province.json');
  if (!existsSync(profile)) {
    const made = demoBss(sandboxUrl);
    writeSecret(keyFile, json(made.key));
    writeSecret(provinceFile, json(made.province));
    writeSecret(profile, json(made.profile)); // last: its presence says that the others are whole
  }
  const known = JSON.parse(readFileSync(profile, 'utf8')) as DemoBss['profile'];
  for (const branch of known.branches) branch.baseUrl = provinceUrl(sandboxUrl, branch.branch);
  writeSecret(profile, json(known));
  return { profile, keyFile, provinceFile };
}

function moveProviders(path: string, sandboxUrl: string): void {
  const profile = JSON.parse(readFileSync(path, 'utf8')) as {
    providers: { code: string; settings: { baseUrl: string } }[];
  };
  for (const provider of profile.providers) provider.settings.baseUrl = `${sandboxUrl}/providers/${provider.code}`;
  writeSecret(path, json(profile));
}

const json = (value: object) => `${JSON.stringify(value, null, 2)}\n`;

function writeSecret(path: string, content: string): void {
  writeFileSync(path, content, { mode: 0o600 });
}
