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
    expect(smsText('maintenance', { bank: '建行', time: '06:00' })).toBe(
      '【一点付】建行维护到06:00,没有扣款。请06:00后重发,或换一张卡。',
    );
    expect(smsText('busy')).toBe('【一点付】现在人多,没有扣款。请5分钟后重发。');
    expect(smsText('unknown_no', p)).toBe('【一点付】银行答复:没有扣款。给139****0000的50.00元没有充成,可以重发。');
    expect(smsText('returning', p)).toBe('【一点付】139****0000充值没有成功,50.00元正退回建行尾号8812,到账再告诉您。');
    expect(smsText('returned', p)).toBe('【一点付】已退50.00元到建行尾号8812,请查收。单号尾号6512。');
    expect(smsText('repeated', { code: '4829' })).toBe(
      '【一点付】刚才那笔正在办,这条没有再扣款。还要再充一笔,请回复4829。',
    );
    expect(smsText('done_own', { ...p, balance: '86.20' })).toBe(
      '【一点付】已充50.00元到本机,余额86.20元。付款:建行尾号8812。单号尾号6512。',
    );
    expect(smsText('sign_in_code', { code: '482913' })).toBe(
      '【一点付】登录验证码482913,5分钟内有效。任何人索要都不要给。',
    );
    expect(smsText('ambiguous', { word: '妈', first: '妈妈139****0000', second: '岳母137****2222' })).toBe(
      '【一点付】“妈”有两个:1妈妈139****0000,2岳母137****2222。5分钟内回复1或2。',
    );
    expect(smsText('consent_given', { who: '妈妈', number: '139****0000', month: '300' })).toBe(
      '【一点付】妈妈139****0000已同意。发“给妈妈充50”就能充,每月最多300元。',
    );
    expect(smsText('bound', { pay: '建行尾号8812', limit: '200', month: '1000' })).toBe(
      '【一点付】已绑定建行尾号8812,每笔最多200元,每月最多1000元。解绑发:JB。',
    );
    expect(smsText('auto_before', { ...p, day: '明天' })).toBe(
      '【一点付】明天10点给妈妈139****0000自动充50.00元,建行尾号8812。不充请回复N。',
    );
    expect(smsText('auto_retry', { ...p, why: '余额不足', day: '11月25日' })).toBe(
      '【一点付】自动充值没扣成:建行尾号8812余额不足。11月25日再试一次,不试请回复N。',
    );
    expect(smsText('auto_stopped', { who: '妈妈', times: '3', word: 'ZD 妈妈 30' })).toBe(
      '【一点付】给妈妈的自动充值连续3次没扣成,已停。换卡后发:ZD 妈妈 30 重新开通。',
    );
    expect(smsText('unknown', p)).toBe('【一点付】给139****0000充50.00元,银行还没答复。请不要重发,有结果马上告诉您。');
  });
});
