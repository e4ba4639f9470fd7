import Fastify, { type FastifyInstance } from 'fastify';
import { bankPages } from './bank/bank.pages';
import { bankRoutes } from './bank/bank.routes';
import { controlRoutes } from './bank/control.routes';
import { statementRoutes } from './bank/statement.routes';
import type { ProviderCode } from './demo/demo-file';
import { partnerProviderRoutes } from './partners/partner.routes';
import { phoneRoutes, smscRoutes } from './phones/phones.routes';
import { guardDoor, keepRawBodies } from './wire/signed-door';
import { providerKey, type World } from './world';

/** All doors of the outside world in one HTTP server; the front door and the demo add theirs. */
export function makeServer(world: World): FastifyInstance {
  const app = Fastify({ bodyLimit: 256 * 1024, forceCloseConnections: true, routerOptions: { maxParamLength: 300 } });
  keepRawBodies(app);
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    done(null, Object.fromEntries(new URLSearchParams(body as string)));
  });
  const provider = (code: ProviderCode, routes: (door: FastifyInstance) => void) =>
    app.register(
      (door, _options, done) => {
        guardDoor(door, world.keys, providerKey(world.demoFile, code));
        routes(door);
        done();
      },
      { prefix: `/providers/${code}` },
    );
  provider('bank_a', (door) => {
    bankRoutes(door, world.bank);
    statementRoutes(door, world.bank);
  });
  for (const partner of Object.values(world.partners)) {
    provider(partner.id, (door) => {
      partnerProviderRoutes(door, partner);
      statementRoutes(door, partner);
    });
  }
  bankPages(app, world.bank);
  smscRoutes(app, world);
  phoneRoutes(app, world);
  controlRoutes(app, world);
  app.get('/health/live', () => ({ status: 'ok' }));
  app.get('/health/ready', () => ({ status: 'ok' }));
  return app;
}
