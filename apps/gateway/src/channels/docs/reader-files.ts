import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { page } from './error-pages';

/** Files of the reader, by the name under /docs/. Nothing is fetched from elsewhere: it works without a network. */
const FROM_PACKAGE: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

/** The initialiser is a file of its own: the content security policy allows no inline script. */
const START = `window.addEventListener('load', function () {
  window.SwaggerUIBundle({
    url: '/openapi.json',
    dom_id: '#reader',
    deepLinking: true,
    docExpansion: 'list',
    defaultModelsExpandDepth: 0,
    supportedSubmitMethods: [],
    validatorUrl: null,
  });
});
`;

const STYLE = `body{margin:0;background:#fff;color:#1b2430;font:14px/22px -apple-system,"PingFang SC","Microsoft YaHei","Noto Sans SC","WenQuanYi Micro Hei",sans-serif}
.book{max-width:60rem;margin:0 auto;padding:0 1rem}
.book nav a{display:inline-block;margin:0 .5rem .25rem 0;color:#1a5fb4}
.book section{border-top:1px solid #dde2e8;padding:.5rem .75rem 1rem}
.book section:target{outline:2px solid #1a5fb4}
.book h2 small{color:#56606b;font-weight:normal}
.book dt{float:left;clear:left;width:6rem;color:#56606b}
.book dd{margin-left:6rem}
.book pre{background:#f6f8fa;overflow:auto;padding:.75rem 1rem}
.swagger-ui .scheme-container,.swagger-ui .authorization__btn{display:none}
`;

const INDEX = page(
  'API reference',
  '<div id="reader"></div><script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script>',
  '<link rel="stylesheet" href="/docs/swagger-ui.css"><link rel="icon" href="/docs/favicon-32x32.png">',
);

export interface ReaderFile {
  type: string;
  content: Buffer | string;
}

/** @returns undefined for a name that is no file of the reader */
export async function readerFile(name: string): Promise<ReaderFile | undefined> {
  if (name === 'index.html') return { type: 'text/html; charset=utf-8', content: INDEX };
  if (name === 'start.js') return { type: 'text/javascript; charset=utf-8', content: START };
  if (name === 'reader.css') return { type: 'text/css; charset=utf-8', content: STYLE };
  const type = Object.hasOwn(FROM_PACKAGE, name) ? FROM_PACKAGE[name] : undefined;
  if (!type) return undefined;
  const folder = dirname(require.resolve('swagger-ui-dist/package.json'));
  return { type, content: await readFile(join(folder, name)) };
}
