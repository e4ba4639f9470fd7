import { loadConfig } from '@yidian/config';
import { z } from 'zod';

const environment = z.object({
  /** The folder that services read their profile and secrets from. */
  CONFIG_DIR: z.string().min(1),
  /** Where services reach the sandbox. */
  SANDBOX_URL: z.url(),
  FIRST_BUSINESS_DATE: z.iso.date(),
  SMSC_SECRET: z.string().min(16),
});

export const demoFilesConfig = () => loadConfig(environment);
