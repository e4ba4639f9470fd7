import { z } from 'zod';
import { loadConfig } from '@yidian/config';

const schema = z.object({
  HOST: z.string().default('127.0.0.1'),
  HTTP_PORT: z.coerce.number().int().min(1).max(65_535).default(4000),
  /** Where the message centre listens; without it texts go by the gateway's signed door. */
  SMPP_PORT: z.coerce.number().int().min(1).max(65_535).optional(),
  /** What the gateway binds with; without it, what follows from the demo file's secret. */
  SMPP_PASSWORD: z
    .string()
    .regex(/^[!-~]{1,8}$/)
    .optional(),
  /** Where the platform is, e.g. http://127.0.0.1:4001. */
  GATEWAY_URL: z.url(),
  /** Under which address the platform knows itself, when that is another: signatures name it. */
  GATEWAY_PUBLIC_URL: z.url().optional(),
  /** Where browsers reach this process, when that is not HOST and HTTP_PORT: pages of the bank lie there. */
  PUBLIC_URL: z.url().optional(),
  /** Where billing takes the events of a branch with its own billing system, and its own name for itself. */
  BILLING_URL: z.url().default('http://127.0.0.1:4006'),
  BILLING_PUBLIC_URL: z.url().optional(),
  /** The played province's keys; without it no province is played. */
  BSS_FILE: z.string().min(1).optional(),
  SANDBOX_DIR: z.string().min(1).default('.data/sandbox'),
  DEMO_FILE: z.string().min(1).default('.data/demo/demo.json'),
  /** Report files of the demo's nights go to `<OUT_DIR>/<date>/`. */
  OUT_DIR: z.string().min(1).default('out'),
  MODE: z
    .literal('test', { error: 'the sandbox plays the outside world and never runs beside a live platform' })
    .default('test'),
});
export type SandboxConfig = z.infer<typeof schema>;

export function sandboxConfig(): SandboxConfig {
  return loadConfig(schema);
}
