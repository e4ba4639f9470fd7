import { loadConfig } from '@yidian/config';
import { existsSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

const endpoint = z
  .string()
  .regex(/^[^:\s]+:\d+$/, { error: 'must be host:port' })
  .optional();
const environment = z.object({
  /** Where the services answer. */
  SETTLEMENT_RPC: endpoint,
  RECONCILIATION_RPC: endpoint,
});

export interface Place {
  host: string;
  port: number;
}

export interface SettleConfig {
  settlement: Place;
  reconciliation: Place;
  /** Stands as who closed a month. */
  actor: string;
}

/** Places among the ports of an installation, after its front door's. */
const BESIDE_FRONT_DOOR = { reconciliation: 4, settlement: 5 };
const PREFERRED: Place = { host: '127.0.0.1', port: 4000 };

/** The environment, else beside the front door of this checkout, else the preferred ports. */
export function settleConfig(root: string): SettleConfig {
  const { SETTLEMENT_RPC, RECONCILIATION_RPC } = loadConfig(environment);
  const door = frontDoor(root) ?? PREFERRED;
  const beside = (by: number): Place => ({ host: door.host, port: door.port + by });
  return {
    settlement: placeOf(SETTLEMENT_RPC) ?? beside(BESIDE_FRONT_DOOR.settlement),
    reconciliation: placeOf(RECONCILIATION_RPC) ?? beside(BESIDE_FRONT_DOOR.reconciliation),
    actor: `cli:${userInfo().username}`,
  };
}

function placeOf(given: string | undefined): Place | undefined {
  if (given === undefined) return undefined;
  const [host = '', port = ''] = given.split(':');
  return { host, port: Number.parseInt(port, 10) };
}

function frontDoor(root: string): Place | undefined {
  const path = join(root, '.data', 'run.json');
  if (!existsSync(path)) return undefined;
  const { address } = JSON.parse(readFileSync(path, 'utf8')) as { address?: string };
  if (!address?.startsWith('http')) return undefined;
  const { hostname, port } = new URL(address);
  return { host: hostname, port: Number.parseInt(port, 10) };
}
