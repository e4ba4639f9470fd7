import { longestParts } from './longest-parts';
import { measureText, usualPattern } from './measure-branch-text';
import { SMS_TEMPLATES, type SmsCode } from './sms-templates';
import { patternFault } from './text-pattern';

const CODES = Object.keys(SMS_TEMPLATES) as SmsCode[];

test.each(CODES)('the carrier’s own words of %s are a pattern that could be saved', (code) => {
  for (const language of ['zh', 'en'] as const) {
    const { longest, segments, fault } = measureText(code, language, '');
    expect([patternFault(code, language, usualPattern(code, language)), fault, segments]).toEqual([null, null, 1]);
    expect(longest).toBe(SMS_TEMPLATES[code][language](longestParts(code)));
  }
});

test('measured at its longest, whatever it is called with later; what is refused says why', () => {
  const words = '【湖北】已充{amount}元到本机,余额{balance}元。';
  expect(measureText('done_own', 'zh', words)).toMatchObject({
    ...{ text: words, longest: '【湖北】已充9999.99元到本机,余额9999.99元。', units: 29, segments: 1, fault: null },
  });
  expect(measureText('done_own', 'zh', words + '好'.repeat(120))).toMatchObject({ segments: 3, fault: 'too_long' });
  expect(measureText('done_own', 'zh', `${words}{code}`).fault).toBe('part_unknown');
  expect(measureText('declined', 'zh', '【湖北】请换一张卡。').fault).toBe('money_not_told');
});
