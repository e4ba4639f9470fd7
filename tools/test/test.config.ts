import { loadConfig } from '@yidian/config';
import { z } from 'zod';

/** Running servers for the tests instead of private ones; schemas are made and dropped on them. */
const environment = z.object({
  TEST_DATABASE_URL: z.string().min(1).optional(),
  TEST_REDIS_URL: z.string().min(1).optional(),
});

export function testConfig(): { databaseUrl?: string; redisUrl?: string } {
  const env = loadConfig(environment);
  return { databaseUrl: env.TEST_DATABASE_URL, redisUrl: env.TEST_REDIS_URL };
}
