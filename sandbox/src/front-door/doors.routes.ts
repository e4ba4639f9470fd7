import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { DemoTools } from '../demo/demo-tools';
import { MOTHER, ZHANG } from '../demo/population';
import { html, page } from './page';

const CUSTOMERS: Readonly<Record<string, string>> = { zhang: ZHANG, mother: MOTHER };

/**
 * One click in as anybody of the demo: signs in here as that person would, hands the session's cookie to the browser
 * (cookies belong to a host, whatever the port) and sends it on. Exists only with the sandbox, never in a live set-up.
 */
export function doorRoutes(app: FastifyInstance, tools: DemoTools): void {
  app.get<{ Params: { who: string } }>('/doors/portal/:who', async (request, answer) => {
    const number = CUSTOMERS[request.params.who];
    if (number === undefined) return closed(answer, 404, 'Nobody of that name. 没有这个人。');
    return enter(request, answer, tools, '/portal/', () => tools.customers.signIn(number));
  });
  app.get<{ Params: { username: string } }>('/doors/console/:username', async (request, answer) => {
    const { username } = request.params;
    const known = tools.world.demoFile.operators.some((operator) => operator.username === username);
    if (!known) return closed(answer, 404, 'Nobody of that name. 没有这个人。');
    return enter(request, answer, tools, '/console/', () => tools.operators.session(username));
  });
  app.get('/doors/docs', (request, answer) => answer.redirect(gatewayAt(request, tools, '/docs')));
}

async function enter(
  request: FastifyRequest,
  answer: FastifyReply,
  tools: DemoTools,
  path: string,
  signIn: () => Promise<string>,
): Promise<FastifyReply> {
  try {
    const cookie = await signIn();
    void answer.header('set-cookie', `${cookie}; Path=/; HttpOnly; SameSite=Lax`);
    return answer.redirect(gatewayAt(request, tools, path), 303);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return closed(answer, 503, `The platform did not let us in. 暂时进不去。 (${why})`);
  }
}

/** The platform under the name the visitor used for us, so that the cookie is sent there. */
function gatewayAt(request: FastifyRequest, tools: DemoTools, path: string): string {
  const { port } = new URL(tools.world.places.gatewayPublicUrl);
  return `http://${request.hostname}:${port}${path}`;
}

function closed(answer: FastifyReply, status: number, why: string): FastifyReply {
  const body = html`<section class="card">
    <h1>一点付 Yidian</h1>
    <p>${why}</p>
    <p><a href="/">← 首页 Front door</a></p>
  </section>`;
  return page(answer.code(status), '一点付 Yidian', body);
}
