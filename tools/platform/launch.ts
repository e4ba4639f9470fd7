import { ensureDemoFiles, type DemoFiles } from './demo-files';
import { at } from './environment';
import { Platform, type PlatformOptions } from './platform';
import type { Places } from './places';
import type { Ports } from './ports';
import { inStep, type Screen } from './progress';
import { provisionAll } from './schemas';

export interface LaunchOptions {
  places: Places;
  adminUrl: string;
  redisUrl: string;
  /** Schemas and their users are called `<prefix>_<service>`. */
  prefix: string;
  ports: Ports;
  screen: Screen;
  logLevel: string;
  seed?: string;
  tell?: PlatformOptions['tell'];
  changed?: PlatformOptions['changed'];
  extra?: PlatformOptions['extra'];
  programs?: PlatformOptions['programs'];
  nodeArgs?: PlatformOptions['nodeArgs'];
}

/** Files, schemas and processes of one installation, not started yet. */
export async function preparePlatform(options: LaunchOptions): Promise<{ platform: Platform; demo: DemoFiles }> {
  const { places, ports, screen } = options;
  const demo = await ensureDemoFiles(places, at(ports.sandbox), { seed: options.seed });
  const schemas = await inStep(
    screen,
    'migrations',
    () => provisionAll(options.adminUrl, options.prefix, places),
    ({ results }) => results.map(({ service, migrationsRun }) => `${service} ${migrationsRun}`).join(' · '),
  );
  const platform = new Platform({
    places,
    ports,
    databaseUrls: schemas.urls,
    redisUrl: options.redisUrl,
    demo,
    logLevel: options.logLevel,
    cutGraceMs: 0,
    tell: options.tell,
    changed: options.changed,
    extra: options.extra,
    programs: options.programs,
    nodeArgs: options.nodeArgs,
  });
  return { platform, demo };
}

export function startHealthy(platform: Platform, screen: Screen): Promise<void> {
  return inStep(
    screen,
    'healthy',
    (step) => platform.start((text) => step.note(text)),
    () => 'gateway billing reconciliation settlement sandbox',
  );
}
