import { loadConfig } from '@yidian/config';
import { z } from 'zod';

const environment = z.object({
  BILLING_RPC: z
    .string()
    .regex(/^[^:\s]+:\d+$/, { error: 'must be host:port' })
    .transform((text) => {
      const [host = '', port = ''] = text.split(':');
      return { host, port: Number.parseInt(port, 10) };
    }),
  DEMO_FILE: z.string().min(1),
});

export const peopleConfig = () => loadConfig(environment);
