import { BOOK } from '@yidian/errors';
import { declineWords, DECLINES } from './sms-words';
import { english } from './english-words';
import { smsText, type Params, type SmsCode } from './sms-templates';

const HAN = /\p{Script=Han}/u;

describe('an English text has its words in English', () => {
  const whys: [SmsCode, string][] = [
    ...Object.keys(DECLINES).map((code): [SmsCode, string] => ['declined', declineWords(code)]),
    ...Object.values(BOOK).map(({ titleZh }): [SmsCode, string] => ['refused', titleZh]),
    ...['单笔限额9999元', '每日限额99999元', '单笔限额', '每日限额', '每月限额'].map((why): [SmsCode, string] => [
      'over_limit',
      why,
    ]),
    ...[
      '银行收回过一笔款,这张卡暂停扣款,请联系我们',
      '本机刚过户,原来绑定的卡已停用,请机主重新绑定',
      '本机刚换卡或挂失,为安全暂停扣款,最多3天',
      '每次可充9到9999元,须是9元的倍数',
      '没有叫“MOTHER”的亲友,可直接发号码',
      '没有叫“MOTHER”的亲友',
      '“MOTHER”不在亲友中,先发:TJ 号码 称呼',
      '这个号码不在亲友中,先发:TJ 号码 称呼',
      'Mother139****0000还没有同意',
      '“MOTHER”有12个,请直接发号码',
      '“MOTHER”不够清楚,请直接发号码',
      '这个号码不够清楚,请直接发号码',
      '“MOTHER”不够清楚,请发:删除和对方号码',
      '这是本机号码',
      '139****0000已经添加或问过',
      '138****1234没有问过您。全部不收发:PB',
    ].map((why): [SmsCode, string] => ['refused', why]),
  ];
  test.each(whys)('%s: %s', (code, why) => {
    const text = smsText(code, { why, amount: '9999.99' }, 'en');
    expect(text).toMatch(/^\[Yidian\] Not charged/);
    expect(text).not.toMatch(HAN);
    expect(text).not.toMatch(/cannot be done now|undefined/);
    expect(text.length).toBeLessThanOrEqual(70);
  });

  test('a reason that nobody has put into English is left out, not told in Chinese', () => {
    expect(smsText('refused', { why: '月亮太圆' }, 'en')).toBe('[Yidian] Not charged: it cannot be done now.');
  });

  test('a list of payments, the newest that fit', () => {
    const list = '11-29本机50.00元已到账;11-28Mum50.00元没扣款;11-27000030.00元等银行答复';
    const text = smsText('history', { list }, 'en');
    expect(text).toBe('[Yidian] 11-29 me 50.00 done; 11-28 Mum 50.00 not charged');
  });

  test('a time of another day', () => {
    expect(smsText('maintenance', { bank: '建行', time: '11月30日06:00' }, 'en')).toBe(
      '[Yidian] Not charged: bank away till 11-30 06:00. Resend then.',
    );
  });

  test('other parts stay as they are', () => {
    const params: Params = { amount: '50.00', number: '139****0000' };
    expect(english(params)).toEqual(params);
    expect(english({ number: '本机' })).toEqual({ number: 'your number' });
  });
});
