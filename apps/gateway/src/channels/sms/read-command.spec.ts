import { parseMajor } from '@yidian/money';
import fc from 'fast-check';
import { readCommand, type Command, type Target } from './read-command';

const self: Target = { type: 'self' };
const number = (n = '13900000000'): Target => ({ type: 'number', number: n });
const name = (nickname: string): Target => ({ type: 'nickname', nickname });
const top = (target: Target, amount: bigint): Command => ({ kind: 'top_up', target, amount });
const no: Command = { kind: 'not_understood' };
const reply = (code: string): Command => ({ kind: 'reply', code });
const auto = (target: Target, amount: bigint): Command => ({ kind: 'auto_set', target, amount });
const off = (target: Target): Command => ({ kind: 'auto_off', target });
const link = (nickname: string, n = '13900000000'): Command => ({ kind: 'link', number: n, nickname });
const unlink = (target: Exclude<Target, { type: 'self' }>): Command => ({ kind: 'unlink', target });
const mum = name('妈妈') as Exclude<Target, { type: 'self' }>;
const hers = number() as Exclude<Target, { type: 'self' }>;

const TABLE: [text: string, meant: Command][] = [
  // one's own number
  ['CZ 50', top(self, 5000n)],
  ['CZ50', top(self, 5000n)],
  ['cz50', top(self, 5000n)],
  ['Cz 50', top(self, 5000n)],
  ['CZ#50', top(self, 5000n)],
  ['CZ*50', top(self, 5000n)],
  ['CZ+50', top(self, 5000n)],
  ['CZ,50', top(self, 5000n)],
  ['ＣＺ５０', top(self, 5000n)],
  ['ＣＺ\u3000５０', top(self, 5000n)],
  ['  CZ   50  ', top(self, 5000n)],
  ['充值50', top(self, 5000n)],
  ['充值 50', top(self, 5000n)],
  ['充值50元', top(self, 5000n)],
  ['充值50块', top(self, 5000n)],
  ['充值50块钱', top(self, 5000n)],
  ['充50', top(self, 5000n)],
  ['充 50 元', top(self, 5000n)],
  ['充话费30', top(self, 3000n)],
  ['充值¥50', top(self, 5000n)],
  ['充值50.00', top(self, 5000n)],
  ['充值50.5', top(self, 5050n)],
  ['充值50.01', top(self, 5001n)],
  ['充值50。', top(self, 5000n)],
  ['充值50!', top(self, 5000n)],
  ['充值50！', top(self, 5000n)],
  ['充值５０元', top(self, 5000n)],
  ['充值￥50', top(self, 5000n)],
  ['ＣＺ＃５０', top(self, 5000n)],
  ['CZ＊50＋', no],
  ['CZ*50#', top(self, 5000n)],
  ['CZ\t50\n', top(self, 5000n)],
  ['充值0.5', top(self, 50n)],
  ['充值20块', top(self, 2000n)],
  ['充100', top(self, 10_000n)],
  ['给我充50', top(self, 5000n)],
  ['给本机充值50元', top(self, 5000n)],
  // another number
  ['CZ 13900000000 50', top(number(), 5000n)],
  ['cz 13900000000 50', top(number(), 5000n)],
  ['CZ#13900000000#50', top(number(), 5000n)],
  ['CZ*13900000000*50', top(number(), 5000n)],
  ['CZ13900000000 50', top(number(), 5000n)],
  ['CZ 139 0000 0000 50', top(number(), 5000n)],
  ['CZ 139-0000-0000 50', top(number(), 5000n)],
  ['CZ +8613900000000 50', top(number(), 5000n)],
  ['充值13900000000 50', top(number(), 5000n)],
  ['给13900000000充50', top(number(), 5000n)],
  ['给 13900000000 充值 50 元', top(number(), 5000n)],
  ['CZ*13900000000*50#', top(number(), 5000n)],
  ['充50给13900000000', top(number(), 5000n)],
  ['充值50元给 139 0000 0000', top(number(), 5000n)],
  ['ＣＺ　１３９００００００００　５０', top(number(), 5000n)],
  // family
  ['给妈妈充50', top(name('妈妈'), 5000n)],
  ['给妈妈充值50', top(name('妈妈'), 5000n)],
  ['给妈妈充50元', top(name('妈妈'), 5000n)],
  ['给妈妈充话费50', top(name('妈妈'), 5000n)],
  ['给 妈妈 充 50', top(name('妈妈'), 5000n)],
  ['帮妈妈充50', top(name('妈妈'), 5000n)],
  ['替老爸交话费100', top(name('老爸'), 10000n)],
  ['CZ 妈妈 50', top(name('妈妈'), 5000n)],
  ['CZ#妈妈#50', top(name('妈妈'), 5000n)],
  ['充值 妈妈 50', top(name('妈妈'), 5000n)],
  ['CZ mum 50', top(name('MUM'), 5000n)],
  ['ＣＺ　妈妈　５０', top(name('妈妈'), 5000n)],
  ['给小明同学充50', top(name('小明同学'), 5000n)],
  ['充50给妈妈', top(name('妈妈'), 5000n)],
  ['充值50元给妈妈', top(name('妈妈'), 5000n)],
  // other words
  ['YE', { kind: 'balance' }],
  ['ye', { kind: 'balance' }],
  ['ＹＥ', { kind: 'balance' }],
  ['余额', { kind: 'balance' }],
  ['查余额。', { kind: 'balance' }],
  ['帮助', { kind: 'help' }],
  ['help', { kind: 'help' }],
  ['?', { kind: 'help' }],
  ['？', { kind: 'help' }],
  ['PB', { kind: 'stop' }],
  ['pb', { kind: 'stop' }],
  ['JB', { kind: 'unbind' }],
  ['BD', { kind: 'bind' }],
  ['bd', { kind: 'bind' }],
  ['绑定', { kind: 'bind' }],
  ['4829', reply('4829')],
  [' 4829 ', reply('4829')],
  ['４８２９', reply('4829')],
  ['1', reply('1')],
  ['2', reply('2')],
  // in English
  ['TOPUP 50', top(self, 5000n)],
  ['top up 50', top(self, 5000n)],
  ['Top up 50 yuan', top(self, 5000n)],
  ['TopUp 50RMB', top(self, 5000n)],
  ['top up me 50', top(self, 5000n)],
  ['top up Mum 50', top(name('MUM'), 5000n)],
  ['top up 13900000000 50', top(number(), 5000n)],
  ['top up 50 for mum', top(name('MUM'), 5000n)],
  ['top up 50 to 13900000000', top(number(), 5000n)],
  ['balance', { kind: 'balance' }],
  ['Bal', { kind: 'balance' }],
  ['bind', { kind: 'bind' }],
  ['unbind', { kind: 'unbind' }],
  ['block', { kind: 'stop' }],
  ['stop', { kind: 'stop' }],
  ['history', { kind: 'history' }],
  ['auto 30', auto(self, 3000n)],
  ['auto mum 30', auto(name('MUM'), 3000n)],
  ['auto off', off(self)],
  ['auto mum off', off(name('MUM'))],
  ['link 13900000000 mum', link('MUM')],
  ['unlink mum', unlink(name('MUM') as typeof mum)],
  ['block 13900000000', { kind: 'block', number: '13900000000' }],
  // standing orders: never read as a payment of now
  ['ZD 30', auto(self, 3000n)],
  ['zd30', auto(self, 3000n)],
  ['ＺＤ　３０', auto(self, 3000n)],
  ['ZD#30', auto(self, 3000n)],
  ['ZD*30#', auto(self, 3000n)],
  ['ZD+30', auto(self, 3000n)],
  ['ZD 30元', auto(self, 3000n)],
  ['ZD 妈妈 30', auto(name('妈妈'), 3000n)],
  ['ZD#妈妈#30', auto(name('妈妈'), 3000n)],
  ['ZD 13900000000 30', auto(number(), 3000n)],
  ['自动充值30', auto(self, 3000n)],
  ['自动充30元', auto(self, 3000n)],
  ['给妈妈自动充30', auto(name('妈妈'), 3000n)],
  ['给妈妈自动充值30元', auto(name('妈妈'), 3000n)],
  ['给13900000000自动充30', auto(number(), 3000n)],
  ['ZD 我 30', auto(self, 3000n)],
  ['ZD 0', off(self)],
  ['ZD0', off(self)],
  ['ZD#0', off(self)],
  ['ZD 妈妈 0', off(name('妈妈'))],
  ['ZD 13900000000 0', off(number())],
  ['取消自动充值', off(self)],
  ['关闭自动充值', off(self)],
  ['取消妈妈的自动充值', off(name('妈妈'))],
  ['ZD', no],
  ['ZD 妈妈', no],
  ['ZD 妈妈30', no],
  ['ZD 30 50', no],
  ['ZD -30', no],
  ['不要自动充值30', no],
  ['给妈妈不自动充30', no],
  ['充值自动50', no],
  // family
  ['TJ 13900000000 妈妈', link('妈妈')],
  ['tj#13900000000#妈妈', link('妈妈')],
  ['TJ*13900000000*妈妈', link('妈妈')],
  ['TJ 妈妈 13900000000', link('妈妈')],
  ['TJ+86 13900000000 妈妈', link('妈妈')],
  ['添加妈妈13900000000', link('妈妈')],
  ['添加 139 0000 0000 妈妈', link('妈妈')],
  ['TJ 13900000000', link('亲友')],
  ['ＴＪ　１３９００００００００　妈妈', link('妈妈')],
  ['TJ', no],
  ['TJ 妈妈', no],
  ['TJ 1390000000 妈妈', no],
  ['TJ 13900000000 13900000001', no],
  ['TJ 13900000000 我', no],
  ['TJ 13900000000 世界第一好妈妈', no],
  ['QX 妈妈', unlink(mum)],
  ['qx#妈妈', unlink(mum)],
  ['SC 13900000000', unlink(hers)],
  ['删除妈妈', unlink(mum)],
  ['取消妈妈', unlink(mum)],
  ['删除 13900000000', unlink(hers)],
  ['取消绑定', { kind: 'unbind' }],
  ['解除绑定', { kind: 'unbind' }],
  ['删除', no],
  ['school', no],
  ['PB 13900000000', { kind: 'block', number: '13900000000' }],
  ['PB#13900000000', { kind: 'block', number: '13900000000' }],
  ['屏蔽13900000000', { kind: 'block', number: '13900000000' }],
  ['PB 妈妈', no],
  ['屏蔽', { kind: 'stop' }],
  // what was paid, and what is not to be
  ['MX', { kind: 'history' }],
  ['明细', { kind: 'history' }],
  ['充值记录', { kind: 'history' }],
  ['缴费记录。', { kind: 'history' }],
  ['N', { kind: 'skip' }],
  ['n', { kind: 'skip' }],
  ['Ｎ', { kind: 'skip' }],
  ['不充', { kind: 'skip' }],
  ['9', reply('9')],
  ['０', no],
  // pictures and mixed width
  ['充值50👍', no],
  ['👍充值50', no],
  ['给👩充50', no],
  ['充值5️⃣0️⃣', no],
  ['ｃｚ 50', top(self, 5000n)],
  ['CＺ＊１３９００００００００＊50＃', top(number(), 5000n)],
  ['给妈妈充５0元', top(name('妈妈'), 5000n)],
  ['❤️', no],
  // not clearly asked: nothing is charged
  ['', no],
  ['你好', no],
  ['50', no],
  ['妈妈', no],
  ['CZ', no],
  ['充值', no],
  ['给妈妈充', no],
  ['CZ 妈妈', no],
  ['CZ 13900000000', no],
  ['CZ 50 60', no],
  ['CZ 5 0', no],
  ['充值50充值50', no],
  ['充值-50', no],
  ['充值0', no],
  ['充值0.00', no],
  ['充值50.555', no],
  ['充值1,000', no],
  ['充值五十', no],
  ['充值1234567', no],
  ['CZ 1390000000 50', no],
  ['CZ 139000000000 50', no],
  ['CZ 23900000000 50', no],
  ['给妈妈充50和爸爸充30', no],
  ['不要给妈妈充50', no],
  ['昨天给妈妈充50了吗', no],
  ['给妈妈充50?', no],
  ['给妈妈充50吗', no],
  ['给我最亲爱的妈妈充50', no],
  ['482913', no],
  ['12', no],
  ['3', reply('3')],
  ['0', no],
  ['YE 50', no],
  ["CZ 50'; DROP TABLE payment", no],
  // could be meant in two ways
  ['CZ妈妈250', no],
  ['cz 妈妈50', no],
  ['充值50.', no],
  ['充值050', no],
  ['充值50元5角', no],
  ['充值50-100', no],
  ['充值50或100', no],
  ['CZ 妈妈 爸爸 50', no],
  ['CZ 50 13900000000', no],
  ['CZ1390000000050', no],
  ['CZ 13900000000 13900000001 50', no],
  // negated, asked, told of
  ['给妈妈别充50', no],
  ['给妈妈不充50', no],
  ['别充50', no],
  ['没充50', no],
  ['给妈妈充了50', no],
  ['已给妈妈充50', no],
  ['给妈妈充50？', no],
  // figures that are none of ours, and what cannot be seen
  ['充值5²', no],
  ['充值①', no],
  ['充值½', no],
  ['充值٥٠', no],
  ['充值𝟓𝟎', no],
  ['充值五0', no],
  ['充\u200b值50', no],
  ['CZ\u200b50', no],
  ['CZ 5\u200b0', no],
  ['CZ 50\u202e', no],
  ['CZ\u000050', no],
  ['C\u0417 50', no],
  ['toString', no],
  ['__proto__', no],
  ['同意6031', no],
  ['CZ 50 '.repeat(30), no],
];

test.each(TABLE)('%j', (text, meant) => expect(readCommand(text)).toEqual(meant));

test('the table is large enough to mean something', () => expect(TABLE.length).toBeGreaterThanOrEqual(200));

const KINDS = [
  ...['top_up', 'auto_set', 'auto_off', 'link', 'unlink', 'block', 'reply', 'balance', 'help', 'bind', 'unbind'],
  ...['stop', 'history', 'skip', 'not_understood'],
];
/** Texts near to what is understood: a random text would never come close. */
const pieces = fc.constantFrom(
  ...['ZD', '自动', '自动充', '取消', 'TJ', '添加', 'QX', 'top up', 'auto', 'for', 'OFF', '的', '👍'],
  ...['CZ', 'cz', '充值', '充', '给', '帮', '妈妈', 'mum', '13900000000', '139 0000 0000', '50', '5', '0', '0.5', '.'],
  ...[
    '元',
    '块',
    ' ',
    '#',
    '*',
    '+',
    '-',
    '不',
    '?',
    '。',
    '５０',
    '²',
    '٥',
    '\u200b',
    '\u202e',
    'YE',
    '4829',
    '\n',
    '¥',
  ],
);
const nearby = fc.array(pieces, { maxLength: 9 }).map((parts) => parts.join(''));

describe('whatever is sent', () => {
  test('is read in exactly one way, and the same way again', () => {
    fc.assert(
      fc.property(fc.oneof(nearby, fc.string({ unit: 'binary', maxLength: 200 })), (text) => {
        const command = readCommand(text);
        expect(KINDS).toContain(command.kind);
        expect(readCommand(text)).toEqual(command);
      }),
      { numRuns: 3_000 },
    );
  });

  test('pays only by a verb and a sum that stand there as figures, once', () => {
    fc.assert(
      fc.property(nearby, (text) => {
        const command = readCommand(text);
        if (command.kind === 'auto_set') expect(text).toMatch(/zd|自动充|auto/i);
        if (command.kind !== 'top_up') return;
        expect(text).not.toMatch(/zd|自动|auto|取消|tj|qx|off/i);
        const narrow = text.replace(/[\uff10-\uff19]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0));
        const figures = narrow.replace(/1\d{2} ?\d{4} ?\d{4}/, '').match(/\d+(?:\.\d+)?/g) ?? [];
        expect(narrow).toMatch(/cz|充|缴|top ?up/i);
        expect(narrow).not.toMatch(/[不?²٥\u200b\u202e-]/);
        expect(figures).toHaveLength(1);
        expect(command.amount).toBe(parseMajor(figures[0] ?? ''));
      }),
      { numRuns: 20_000 },
    );
  });
});
