import type { FastifyInstance } from 'fastify';
import { inFormat, type FileKind } from './statement-formats';
import { answerStatement, type StatementSource } from './statement-source';

export function statementRoutes(app: FastifyInstance, source: StatementSource): void {
  app.get<{ Params: { date: string } }>('/v1/statements/:date', async (request, answer) => {
    const { date } = request.params;
    if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return answer.code(400).send({ code: 'malformed' });
    const found = answerStatement(source, date);
    if (found.status === 404) return answer.code(404).send({ code: found.code });
    return answer.type('text/plain; charset=utf-8').send(found.text);
  });
  // The same day as banks with other house formats send it: camt053_2026-11-22, mt940_2026-11-22.
  app.get<{ Params: { name: string } }>('/v1/statement-files/:name', async (request, answer) => {
    const [, kind, date = ''] = /^(yd1|camt053|mt940)_(\d{4}-\d{2}-\d{2})$/.exec(request.params.name) ?? [];
    if (!kind) return answer.code(400).send({ code: 'malformed' });
    const found = answerStatement(source, date);
    if (found.status === 404) return answer.code(404).send({ code: found.code });
    return answer.type('text/plain; charset=utf-8').send(inFormat(found.text, kind as FileKind));
  });
}
