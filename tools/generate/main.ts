import { CONNECTORS } from '@yidian/connectors/registry.gen';
import { controllersOf, describeApi, routesOf } from '@yidian/http';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { API_INFO } from '../../apps/gateway/src/channels/docs/api-info';
import { errorsMarkdown } from '../../apps/gateway/src/channels/docs/error-pages';
import { GatewayModule } from '../../apps/gateway/src/gateway.module';
import { connectorRegistry } from './connector-registry';
import { providersPage } from './providers-page';

/** What is made from the code and kept in the repository, by path. Pure: the same code gives the same bytes. */
export function generated(): Record<string, string> {
  const document = describeApi(routesOf(controllersOf(GatewayModule)), API_INFO);
  return {
    'docs/openapi.json': `${JSON.stringify(document, null, 2)}\n`,
    'docs/errors.md': errorsMarkdown(),
  };
}

/** Writes the files; with `--check` writes nothing and answers 1 when one differs. */
export async function main(args: string[], root: string): Promise<number> {
  const checking = args.includes('--check');
  const files = generated();
  files['libs/connectors/registry.gen.ts'] = connectorRegistry(root);
  files['docs/PROVIDERS.md'] = await providersPage(CONNECTORS, root);
  const { pageTypes } = await import('./page-types.js'); // an ES module, which only Node itself can load
  files['web/kit/api.gen.ts'] = await pageTypes(files['docs/openapi.json'] ?? '');
  const different = Object.entries(files).filter(([name, content]) => {
    const path = join(root, name);
    if (existsSync(path) && readFileSync(path, 'utf8') === content) return false;
    if (!checking) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    }
    process.stdout.write(`${checking ? 'differs' : 'written'}  ${name}\n`);
    return true;
  });
  if (checking && different.length > 0) process.stdout.write('Run `npm run generate` and commit the result.\n');
  return checking && different.length > 0 ? 1 : 0;
}
