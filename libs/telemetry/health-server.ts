import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Resolves when fine; throws with one sentence when not. The sentence is shown, so it holds no secret. */
export type HealthCheck = () => Promise<void> | void;

export interface HealthReport {
  ok: boolean;
  checks: Record<string, string>;
}

/** Runs every check, each at most 2 s: a check that hangs is a check that failed. */
export async function runChecks(checks: Readonly<Record<string, HealthCheck>>): Promise<HealthReport> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => [name, await outcomeOf(check)] as const),
  );
  return { ok: results.every(([, outcome]) => outcome === 'ok'), checks: Object.fromEntries(results) };
}

async function outcomeOf(check: HealthCheck): Promise<string> {
  let late: NodeJS.Timeout | undefined;
  const limit = new Promise<string>((resolve) => {
    late = setTimeout(() => resolve('no answer within 2 s'), 2_000);
  });
  try {
    return await Promise.race([Promise.resolve(check()).then(() => 'ok'), limit]);
  } catch (error) {
    return error instanceof Error ? error.message : 'failed';
  } finally {
    clearTimeout(late);
  }
}

export interface HealthServer {
  port: number;
  close(): Promise<void>;
}

/**
 * GET /health/live answers 200 while the process lives and never touches the database (a restart would not heal it);
 * GET /health/ready answers 200 or 503 with each check's outcome.
 * @param port 0 takes any free port
 * @param elsewhere takes what is no question about health; false: nobody's, answered 404
 */
export async function healthServer(
  port: number,
  ready: Readonly<Record<string, HealthCheck>>,
  host = '127.0.0.1',
  elsewhere: (request: IncomingMessage, response: ServerResponse) => boolean = () => false,
): Promise<HealthServer> {
  const server = createServer((request, response) => {
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
      response.end(JSON.stringify(body));
    };
    if (request.url === '/health/live') return answer(200, { ok: true });
    if (request.url !== '/health/ready') return elsewhere(request, response) ? undefined : answer(404, { ok: false });
    void runChecks(ready).then((report) => answer(report.ok ? 200 : 503, report));
  });
  await listen(server, port, host);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}
