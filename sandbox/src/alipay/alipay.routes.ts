import { readRequest, signedAnswer } from '@yidian/connectors/alipay/wire';
import type { FastifyInstance } from 'fastify';
import { deliver } from '../bank/bank.routes';
import type { Alipay } from './alipay';
import { answerCall, pageFor } from './alipay-gateway';
import { gone } from './alipay.pages';
import { refused } from './alipay-words';

/** One address for every call: machines post to it, payers' browsers are sent to it. Every answer leaves signed. */
export function alipayRoutes(door: FastifyInstance, alipay: Alipay): void {
  const { keys } = alipay;
  door.post('/gateway.do', (request, answer) => {
    const form = new URLSearchParams((request.body ?? {}) as Record<string, string>);
    const call = readRequest(queryOf(request.url), form.toString(), keys.app);
    const method = call?.method ?? form.get('method') ?? '';
    const told = call ? answerCall(alipay, call) : refused('isv.invalid-signature', '40002');
    void answer
      .type('text/html;charset=utf-8')
      .serializer((node: object) => (told.status === 200 ? signedAnswer(method, node, keys.signer) : ''));
    return deliver(request, answer, told);
  });
  door.get('/gateway.do', (request, answer) => {
    const call = readRequest(queryOf(request.url), '', keys.app);
    const page = call ? pageFor(alipay, call) : null;
    return page === null ? gone(answer) : answer.redirect(page, 303);
  });
  door.get<{ Querystring: { token?: string } }>('/bill', (request, answer) => {
    const file = alipay.bills.file(request.query.token ?? '');
    if (!file) return answer.code(404).send('');
    return answer.type('application/zip').send(file);
  });
}

const queryOf = (url: string): string => url.split('?')[1] ?? '';
