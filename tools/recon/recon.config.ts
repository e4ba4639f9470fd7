import { loadConfig } from '@yidian/config';
import { existsSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

const environment = z.object({
  /** Where reconciliation answers. */
  RECONCILIATION_RPC: z
    .string()
    .regex(/^[^:\s]+:\d+$/, { error: 'must be host:port' })
    .optional(),
});

export interface ReconConfig {
  host: string;
  port: number;
  /** Stands as who ran a night. */
  actor: string;
}

/** Reconciliation's place among the ports of an installation, after its front door's. */
const BESIDE_FRONT_DOOR = 4;
const PREFERRED = { host: '127.0.0.1', port: 4004 };

/** The environment, else reconciliation beside the front door of this checkout, else its preferred port. */
export function reconConfig(root: string): ReconConfig {
  const { RECONCILIATION_RPC: given } = loadConfig(environment);
  const actor = `cli:${userInfo().username}`;
  if (given) {
    const [host = '', port = ''] = given.split(':');
    return { host, port: Number.parseInt(port, 10), actor };
  }
  return { ...(besideFrontDoor(root) ?? PREFERRED), actor };
}

function besideFrontDoor(root: string): { host: string; port: number } | undefined {
  const path = join(root, '.data', 'run.json');
  if (!existsSync(path)) return undefined;
  const { address } = JSON.parse(readFileSync(path, 'utf8')) as { address?: string };
  if (!address) return undefined;
  const { hostname, port } = new URL(address);
  return { host: hostname, port: Number.parseInt(port, 10) + BESIDE_FRONT_DOOR };
}
