import type { SignatureAlgorithm } from '@yidian/security';

/** Where requests go and how they are made: one of the platform's partners, or the unsigned baseline. */
export interface Door {
  name: string;
  host: string;
  port: number;
  path: string;
  /** Private key, or the shared secret in base64. Absent: unsigned. */
  key?: { keyId: string; alg: SignatureAlgorithm; material: string };
  /** Orders in one request; 1 is a plain payment, more is bulk. */
  perRequest: number;
}

/** The orders of one run. */
export interface OrderBook {
  run: string;
  numbers: readonly string[];
  /** When the money was taken: part of every body, so that a body made again is the same. */
  takenAt: string;
}

export const addressOf = (door: Door): string => `http://${door.host}:${door.port}`;
