import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileNameOf, NAME, render } from './render';

const USAGE = `npm run new:connector NAME

  NAME    its folder below libs/connectors, such as icbc-direct: small letters, digits and single hyphens

Makes a connector that passes the conformance suite: queries, refunds and callbacks over sealed JSON. Then turn the words
into the provider's own, add abilities in index.ts, and run  npx jest libs/connectors/NAME
`;

/** @returns the exit code: 0 made, 2 not to be used so */
export function run(root: string, args: readonly string[], say: (text: string) => void): number {
  const [name, ...more] = args;
  if (name === undefined || more.length > 0 || !NAME.test(name)) {
    say(USAGE);
    return 2;
  }
  const folder = join(root, 'libs/connectors', name);
  if (existsSync(folder)) {
    say(`libs/connectors/${name} is there already; nothing was changed.\n`);
    return 2;
  }
  const template = join(root, 'tools/new-connector/template');
  mkdirSync(folder);
  for (const file of readdirSync(template).sort()) {
    const target = fileNameOf(name, file);
    writeFileSync(join(folder, target), render(name, readFileSync(join(template, file), 'utf8')));
    say(` ✔ libs/connectors/${name}/${target}\n`);
  }
  return 0;
}
