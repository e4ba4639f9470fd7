import { exportSeal, publicKeyPath, type ExportedAnchor } from '@yidian/journal';
import type { ServiceName } from '@yidian/contracts';
import type { Db } from '@yidian/database';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { placesOf } from '../platform/places';
import { PlainError, type Screen } from '../platform/progress';
import { checkService } from './check-service';
import { checkAgainst, readExported, writeExported } from './exported-file';
import { databaseOf } from './find-databases';
import { readOptions, type Options } from './options';
import type { Check, ServiceReport } from './report';
import { showChecks } from './show';
import { verifyConfig } from './verify.config';

/** Asks nobody: reads the databases themselves, while the services work or when they are down. */
export async function main(args: string[], root: string, screen: Screen): Promise<number> {
  const options = readOptions(args);
  const earlier = options.against === undefined ? undefined : readExported(options.against);
  const config = verifyConfig();
  const urls = options.services.map((service) => [service, databaseOf(service, root, config)] as const);
  const reports: ServiceReport[] = [];
  const anchors: ExportedAnchor[] = [];
  for (const [service, url] of urls) {
    const report = await checkService(service, url, options.since, screen, (db) =>
      further(db, service, root, { options, earlier, anchors }),
    );
    reports.push(report);
    showChecks(screen, report);
  }
  const ok = reports.every((report) => report.ok);
  if (options.exportTo !== undefined) handOut(options.exportTo, anchors, ok, screen);
  if (options.json) process.stdout.write(`${JSON.stringify({ ok, services: reports })}\n`);
  return ok ? 0 : 2;
}

interface Wanted {
  options: Options;
  earlier: ReadonlyMap<string, ExportedAnchor> | undefined;
  /** What is to be handed out, gathered here. */
  anchors: ExportedAnchor[];
}

async function further(db: Db, service: ServiceName, root: string, wanted: Wanted): Promise<Check[]> {
  const { options, earlier, anchors } = wanted;
  // What the rows say is checked already: a seal that they do not say has its finding.
  const sealed = options.exportTo === undefined ? null : await exportSeal(db).catch(() => null);
  if (sealed) anchors.push(sealed);
  if (!earlier) return [];
  const exported = earlier.get(service);
  if (!exported) return [{ name: 'exported anchor', ok: true, detail: 'the file has none of this service' }];
  return checkAgainst(db, exported, trustedKey(options, service, root));
}

/** The key one was given for checking, else the public half beside the service's own. */
function trustedKey({ publicKey }: Options, service: ServiceName, root: string): string | undefined {
  const path = publicKey ?? publicKeyPath(join(placesOf(root).data, service, 'anchor-key.json'));
  if (existsSync(path)) return readFileSync(path, 'utf8');
  if (publicKey !== undefined) throw new PlainError(`There is no file ${publicKey}.`);
  return undefined;
}

/** Only what has just been verified leaves the house. */
function handOut(path: string, anchors: readonly ExportedAnchor[], ok: boolean, screen: Screen): void {
  if (!ok)
    throw new PlainError('Nothing was exported: an anchor of books that do not verify would prove the wrong thing.');
  if (anchors.length === 0)
    throw new PlainError('No anchor was signed yet: the services sign one within a minute after a day has closed.');
  writeExported(path, anchors);
  const of = anchors.map(({ service }) => service).join(' ');
  screen.say(`   signed anchors of ${of} are in ${path}: keep them where nobody who can write the databases can write`);
}
