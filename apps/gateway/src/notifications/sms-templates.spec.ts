import { longestParts } from './longest-parts';
import { SMS_TEMPLATES, smsText, ucs2Units, type SmsCode } from './sms-templates';

describe('texts to people', () => {
  const codes = Object.keys(SMS_TEMPLATES) as SmsCode[];
  test.each(codes)('%s fits one message at its longest, in both languages', (code) => {
    for (const language of ['zh', 'en'] as const) {
      const text = smsText(code, longestParts(code), language);
      expect({ text, units: ucs2Units(text) <= 70 }).toEqual({ text, units: true });
      expect(text).not.toMatch(/undefined|https?:/);
    }
  });

  test('the texts are those agreed, word for word', () => {
    const p = { who: '妈妈', number: '139****0000', amount: '50.00', pay: '建行尾号8812', tail: '6512' };
    expect(smsText('done_family', p)).toBe(
      '【一点付】已给妈妈139****0000充50.00元,已到账。付款:建行尾号8812。单号尾号6512。',
    );
    expect(smsText('received', { payer: '138****1234', amount: '50.00', balance: '62.10' })).toBe(
      '【一点付】138****1234给您充了50.00元,已到账,余额62.10元。',
    );
    expect(smsText('confirm', { ...p, amount: '50', code: '4829' })).toBe(
      '【一点付】给妈妈139****0000充50元?回复4829确认,5分钟内有效。不是您发的请忽略。',
    );
    expect(smsText('not_understood')).toBe(
      '【一点付】没看懂,没有扣款。充本机发:充值50;充家人发:给妈妈充50;查余额发:YE。',
    );
    expect(smsText('consent_asked', { payer: '138****1234', code: '6031' })).toBe(
      '【一点付】138****1234想给您交话费,不会扣您的钱。同意回复6031,24小时内有效。不再收到回复PB。',
    );
    expect(smsText('declined', { pay: '建行尾号8812', why: '余额不足' })).toBe(
      '【一点付】没有扣款:建行尾号8812余额不足。可换一张卡,或减少金额后重发。',
    );
    expect(smsText('over_limit', { why: '单笔限额200元' })).toBe(
      '【一点付】没有扣款:超过单笔限额200元。可减少金额后重发。',
    );
    expect(smsText('unknown', p)).toBe('【一点付】给139****0000充50.00元,银行还没答复。请不要重发,有结果马上告诉您。');
  });
});
