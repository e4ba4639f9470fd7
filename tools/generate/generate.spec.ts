import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generated } from './main';

test.each(Object.entries(generated()))('%s is what the code says: else run `npm run generate`', (name, content) => {
  expect(readFileSync(join(__dirname, '../..', name), 'utf8') === content).toBe(true);
});
