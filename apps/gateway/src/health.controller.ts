import { Controller, Get, Header, Res } from '@nestjs/common';
import { Operation } from '@yidian/http';
import { runChecks, type HealthReport } from '@yidian/telemetry';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Readiness } from './readiness';

const report = z.object({ ok: z.boolean(), checks: z.record(z.string(), z.string()) }).meta({ id: 'HealthReport' });

@Controller('health')
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  /** Never touches the database: a restart would not heal it. */
  @Get('live')
  @Header('Cache-Control', 'no-store')
  @Operation({
    id: 'live',
    summary: 'The process lives',
    door: 'open',
    tag: 'Health',
    answers: { 200: z.object({ ok: z.literal(true) }) },
  })
  live(): { ok: true } {
    return { ok: true };
  }

  @Get('ready')
  @Header('Cache-Control', 'no-store')
  @Operation({
    id: 'ready',
    summary: 'Everything a request needs is there',
    door: 'open',
    tag: 'Health',
    answers: { 200: report, 503: report },
  })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthReport> {
    const result = await runChecks(this.readiness.all());
    void reply.code(result.ok ? 200 : 503);
    return result;
  }
}
