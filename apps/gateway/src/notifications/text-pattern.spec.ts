import { SMS_TEMPLATES, type SmsCode } from './sms-templates';
import { filledIn, patternFault } from './text-pattern';

test.each([
  ['done_own', '【湖北移动】已充{amount}元,余额{balance}元。单号尾号{tail}。', null],
  ['received', '【湖北】{payer}给您充了{amount}元,余额{balance}元。', null],
  ['declined', '【湖北】没有扣款:{pay}{why}。', null],
  ['declined', '【湖北】{pay}{why}。', 'money_not_told'],
  ['done_own', '已充{amount}元。', 'not_bracketed'],
  ['done_own', '【湖北】已充{amount}元,{password}。', 'part_unknown'],
  ['done_own', '【湖北】已充{amount元。', 'part_unknown'],
  ['done_own', '【湖北】已充{amount}元,详见https://a.example', 'link'],
  ['done_own', '【湖北】已充{amount}元,详见10086.cn', 'link'],
  ['done_own', `【湖北】已充{amount}元。${'谢谢惠顾'.repeat(28)}`, null],
  ['done_own', `【湖北】已充{amount}元。${'谢谢惠顾'.repeat(30)}`, 'too_long'],
] as [SmsCode, string, string | null][])('%s: %s', (code, pattern, fault) => {
  expect(patternFault(code, 'zh', pattern)).toBe(fault);
});

test('in English, too', () => {
  expect(patternFault('declined', 'en', '[Hubei] Not charged {amount}: {why}.')).toBeNull();
  expect(patternFault('declined', 'en', '[Hubei] {amount}: {why}.')).toBe('money_not_told');
  expect(patternFault('done_own', 'en', 'Hubei: {amount}.')).toBe('not_bracketed');
});

test('parts are filled in, and the absent print as nothing', () => {
  expect(filledIn('【湖北】{who}{amount}元', { amount: '50.00' })).toBe('【湖北】50.00元');
});

test('every text of the carrier would itself be accepted, in both languages', () => {
  const named = new Proxy({}, { get: (_, name) => `{${String(name)}}` });
  for (const code of Object.keys(SMS_TEMPLATES) as SmsCode[])
    for (const language of ['zh', 'en'] as const)
      expect([code, patternFault(code, language, SMS_TEMPLATES[code][language](named))]).toEqual([code, null]);
});
