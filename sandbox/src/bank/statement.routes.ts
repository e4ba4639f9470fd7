import type { FastifyInstance } from 'fastify';
import { answerStatement, type StatementSource } from './statement-source';

export function statementRoutes(app: FastifyInstance, source: StatementSource): void {
  app.get<{ Params: { date: string } }>('/v1/statements/:date', async (request, answer) => {
    const { date } = request.params;
    if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return answer.code(400).send({ code: 'malformed' });
    const found = answerStatement(source, date);
    if (found.status === 404) return answer.code(404).send({ code: found.code });
    return answer.type('text/plain; charset=utf-8').send(found.text);
  });
}
