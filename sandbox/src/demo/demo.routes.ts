import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Demo } from './demo';
import { toldPlainly } from './told-plainly';

const wish = z.object({ payments: z.number().int().min(100).max(20_000).optional() });

/** Levers of the demo for the start tool and the front door. */
export function demoRoutes(app: FastifyInstance, demo: Demo): void {
  app.get('/sandbox/api/demo', () => toldPlainly(demo.progress()));
  app.post('/sandbox/api/demo', async (request, answer) => {
    const body = wish.safeParse(request.body ?? {});
    if (!body.success) return answer.code(400).send({ code: 'malformed', detail: body.error.message });
    return toldPlainly(demo.run(body.data.payments));
  });
  app.get('/sandbox/api/demo/progress', () => demo.progress());
  app.post('/sandbox/api/demo/night', () => demo.night());
}
