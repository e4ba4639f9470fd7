import { createHash } from 'node:crypto';

/** The number people text to. */
export const SERVICE_NUMBER = '10086';
export const SMPP_SYSTEM_ID = 'yidian';

/** SMPP allows eight characters: the secret's hash, cut. It guards a port of the demo's own machine. */
export const smppPassword = (smscSecret: string): string =>
  createHash('sha256').update(`smpp ${smscSecret}`).digest('hex').slice(0, 8);

export function smppUrl(smscSecret: string, host: string, port: number): string {
  return `smpp://${SMPP_SYSTEM_ID}:${smppPassword(smscSecret)}@${host}:${port}`;
}
