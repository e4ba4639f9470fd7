import { camt053Text } from '../../iso20022/played-camt';
import { BankFiles } from './bank-files';
import type { FileDrop, NamePattern } from './file-drop';
import { filesSettings } from './files-settings';
import { pagesInOrder } from './pages-in-order';
import { whole } from '../../contract/played-file';

const page = (number: number, last: boolean) =>
  Buffer.from(
    camt053Text('', '08', `<MsgPgntn><PgNb>${number}</PgNb><LastPgInd>${last}</LastPgInd></MsgPgntn>`).replace(
      'M1',
      `M${number}`,
    ),
  );
const [one, two, three] = [page(1, false), page(2, false), page(3, true)];

describe('pages of one statement in files of their own', () => {
  test.each([
    ['all pages, in any order', [three, one, two], ['1', '2', '0']],
    ['the last page is still to come', [one, two], 'incomplete'],
    ['a page between is still to come', [one, three], 'incomplete'],
    ['a page twice: nobody may choose', [one, one, two, three], null],
    ['a file without pages beside them', [one, Buffer.from(camt053Text(''))], null],
    ['something else', [Buffer.from('a'), Buffer.from('b')], null],
  ])('%s', (_name, files, ordered) => {
    expect(pagesInOrder(files.map((head, at) => ({ name: String(at), head })))).toEqual(ordered);
  });

  test('a bank that sends its day in pages: asked for again until all are there', async () => {
    const there = new Map([['S_2026-11-22_b.xml', two]]);
    there.set('S_2026-11-22_a.xml', one);
    async function* opened(page: Buffer) {
      for (let at = 0; at < page.length; at += 100) yield await Promise.resolve(page.subarray(at, at + 100));
    }
    const drop: FileDrop = {
      names: (pattern: NamePattern) => Promise.resolve([...there.keys()].filter((name) => pattern.fits(name)).sort()),
      open: (name) => {
        const page = there.get(name);
        return Promise.resolve(page ? opened(page) : null);
      },
      send: () => Promise.reject(new Error('not here')),
    };
    const https = { baseUrl: 'https://files.bank.example' };
    const files = new BankFiles(filesSettings.parse({ https, names: { statement: 'S_{date}_*.xml' } }), drop);
    const ask = () => whole(files.statement('2026-11-22', AbortSignal.timeout(20_000)));
    expect(await ask()).toEqual({ state: 'not_ready' });
    there.set('S_2026-11-22_c.xml', three);
    const content = Buffer.concat([one, two, three]);
    expect(await ask()).toEqual({ state: 'ready', fileName: 'S_2026-11-22_a.xml', content });
    there.set('S_2026-11-22_d.xml', Buffer.from(camt053Text('')));
    await expect(ask()).rejects.toThrow('4 files fit the name of one date');
  });
});
