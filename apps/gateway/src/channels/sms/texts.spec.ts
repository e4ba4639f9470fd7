import { createHmac, randomUUID } from 'node:crypto';
import { AgreementsStore } from '../../agreements/agreements.store';
import { SaveBranchText } from '../../notifications/save-branch-text';
import { PlanWindow } from '../../routing/plan-window';
import { PersonNumbers } from '../../notifications/person-number';
import { PlayedGateway, SMSC_SECRET, until } from '../../testing/played-gateway';
import { PaymentsSweepJob } from '../../payments/payments-sweep.job';

const ZHANG = '13800001234';
const MOTHER = '13900000000';
const AUNT = '13700002222';
const STRANGER = '13600003333';
const NOBODY = '13500004444';

/** Texts through the real door, on a real database, between a played bank, billing and message centre. */
describe('texts from phones', () => {
  let gateway: PlayedGateway;
  let agreement: string;

  beforeAll(async () => {
    gateway = await PlayedGateway.start();
    for (const number of [ZHANG, MOTHER, AUNT, STRANGER]) gateway.billing.state.addNumber(number);
    agreement = await gateway.agreement(ZHANG);
    await link(MOTHER, '妈妈');
    await link(AUNT, '岳母');
  });
  afterAll(() => gateway.close());
  beforeEach(async () => {
    gateway.bank.play('succeed');
    gateway.billing.state.silent = false;
    gateway.billing.state.faults.clear();
    await run('DELETE FROM sms_dialogue');
    await run('DELETE FROM limit_usage');
    gateway.texts.length = 0;
  });

  const run = (sql: string, params: unknown[] = []) => gateway.database.db.run(sql, params);
  const count = async (sql: string, params: unknown[] = []) =>
    Number((await gateway.database.db.select<{ n: bigint }>(`SELECT COUNT(*) AS n FROM ${sql}`, params))[0]?.n);
  const debits = () => gateway.bank.received('/v1/debits').length;
  const payments = () => count('payment');
  const said = (pattern: RegExp, to = ZHANG) => gateway.received(to, pattern);
  const codeIn = (text: string) => /回复(\d{4})/.exec(text)?.[1] ?? '';
  const done = (id: string) =>
    until(async () => (await count("sms_inbound WHERE id = ? AND state = 'done'", [id])) === 1);

  async function link(number: string, nickname: string): Promise<void> {
    const { status } = await gateway.call(
      'POST',
      '/v1/linked_numbers',
      { agreement, number, nickname },
      { key: number },
    );
    expect(status).toBe(201);
    await gateway.text(number, codeIn(await said(/想给您交话费/, number)));
    await said(new RegExp(`${nickname}.*已同意`));
  }

  async function text(from: string, what: string, id: string = randomUUID()): Promise<string> {
    expect(await gateway.text(from, what, id)).toBe(200);
    return id;
  }

  test('for a family member by name: both phones ring, the member is credited once', async () => {
    const before = await payments();
    await text(ZHANG, '给妈妈充50');
    expect(await said(/已给妈妈/)).toMatch(
      /^【一点付】已给妈妈139\*\*\*\*0000充50\.00元,已到账。付款:甲银行尾号8812。单号尾号\d{4}。$/,
    );
    expect(await said(/给您充了/, MOTHER)).toMatch(/^【一点付】138\*\*\*\*1234给您充了50\.00元/);
    expect(await payments()).toBe(before + 1);
  });

  test.each([
    ['充值31', ZHANG, /已充31\.00元到本机/],
    ['CZ 13900000000 32', ZHANG, /已给妈妈139\*\*\*\*0000充32\.00元/],
    ['ＣＺ＃３３', ZHANG, /已充33\.00元到本机/],
    ['YE', ZHANG, /本机余额\d+\.\d\d元/],
    ['帮助', ZHANG, /充本机发:充值50/],
    ['BD', ZHANG, /已绑定甲银行尾号8812,每笔最多500元/],
    ['天气怎么样', ZHANG, /没看懂,没有扣款/],
    ['4829', ZHANG, /没看懂,没有扣款/],
    ['充值50', STRANGER, /没有扣款:本机还没有绑定银行卡/],
    ['给爷爷充50', ZHANG, /没有扣款:没有叫“爷爷”的亲友/],
    ['充值9999', ZHANG, /没有扣款:每次可充1到500元,须是0\.01元的倍数/],
    [`CZ ${NOBODY} 50`, ZHANG, /没有扣款:号码不存在/],
  ])('%s', async (what, from, answer) => {
    await text(from, what);
    await said(answer, from);
  });

  test('brought again under the same id: the same answer, nothing new', async () => {
    const before = { payments: await payments(), debits: debits() };
    const id = await text(ZHANG, '充值41');
    await Promise.all([text(ZHANG, '充值41', id), text(ZHANG, '充值41', id)]);
    await said(/已充41\.00元/);
    await text(ZHANG, '充值41', id);
    await done(id);
    expect(await payments()).toBe(before.payments + 1);
    expect(debits()).toBe(before.debits + 1);
    expect(gateway.texts.filter((message) => message.to === ZHANG)).toHaveLength(1);
  });

  test('the same order twice at once is one payment; a reply makes it two', async () => {
    const before = await payments();
    await Promise.all([text(ZHANG, '给妈妈充42'), text(ZHANG, '给妈妈充值42元')]);
    const repeated = await said(/刚才那笔正在办,这条没有再扣款/);
    await said(/充42\.00元,已到账/);
    expect(await payments()).toBe(before + 1);
    await text(ZHANG, codeIn(repeated));
    await until(async () => (await payments()) === before + 2);
  });

  test('after the window the same order is a new one; within it, only when the first came to nothing', async () => {
    const before = await payments();
    gateway.bank.play('decline');
    await text(ZHANG, '充值43');
    await said(/没有扣款:甲银行尾号8812余额不足/);
    gateway.bank.play('succeed');
    await text(ZHANG, '充值43');
    await said(/已充43\.00元/);
    await text(ZHANG, '充值43');
    await said(/刚才那笔正在办/);
    await run("UPDATE sms_dialogue SET expires_at = NOW(3) WHERE kind = 'window'");
    await text(ZHANG, '充值43');
    await until(async () => (await payments()) === before + 3);
  });

  test('a number that has not consented is paid for only after the code came back, once', async () => {
    const before = await payments();
    await text(ZHANG, `CZ ${STRANGER} 44`);
    const question = await said(/给136\*\*\*\*3333充44元\?回复\d{4}确认/);
    expect(await payments()).toBe(before);
    await text(STRANGER, codeIn(question)); // another phone cannot answer it
    await said(/没看懂/, STRANGER);
    await Promise.all([text(ZHANG, codeIn(question)), text(ZHANG, codeIn(question))]);
    await said(/已给136\*\*\*\*3333充44\.00元/);
    await said(/没看懂,没有扣款/);
    expect(await payments()).toBe(before + 1);
  });

  test('a confirmation that came too late pays nothing, nor one for a number with a new owner', async () => {
    const before = await payments();
    await text(ZHANG, `CZ ${STRANGER} 45`);
    const late = codeIn(await said(/充45元\?/));
    await run('UPDATE sms_dialogue SET expires_at = NOW(3)');
    await text(ZHANG, late);
    await said(/没看懂,没有扣款/);
    await text(ZHANG, `CZ ${STRANGER} 46`);
    const question = await said(/充46元\?/);
    gateway.billing.state.addNumber(STRANGER, { subscriberId: 'next', ownerVersion: 2 });
    await text(ZHANG, codeIn(question));
    await said(/没有扣款:号码已换机主/);
    expect(await payments()).toBe(before);
  });

  test('a name half typed is asked about, two that fit are a choice of which one counts', async () => {
    const before = await payments();
    await text(ZHANG, '给妈充47');
    await said(/给妈妈139\*\*\*\*0000充47元\?回复\d{4}确认/);
    await run("UPDATE linked_number SET nickname = '大妈' WHERE nickname = '岳母'");
    await text(ZHANG, '给妈充48');
    await said(/“妈”有两个:1妈妈139\*\*\*\*0000,2大妈137\*\*\*\*2222。5分钟内回复1或2。/);
    await run("UPDATE linked_number SET nickname = '岳母' WHERE nickname = '大妈'");
    expect(await payments()).toBe(before);
    await text(ZHANG, '2');
    await said(/137\*\*\*\*2222充48\.00元/);
    await text(ZHANG, '1');
    await said(/没看懂,没有扣款/);
    expect(await payments()).toBe(before + 1);
  });

  test('a family number that changed hands is not paid for by name', async () => {
    const before = await payments();
    gateway.billing.state.addNumber(MOTHER, { subscriberId: 'next', ownerVersion: 2 });
    await text(ZHANG, '给妈妈充49');
    await said(/没有扣款:号码已换机主/);
    gateway.billing.state.addNumber(MOTHER);
    expect(await payments()).toBe(before);
  });

  test('a silent bank: the doubt is told at once, the end when it is known', async () => {
    gateway.bank.play('silent');
    await text(ZHANG, '给妈妈充51');
    await said(/给139\*\*\*\*0000充51\.00元,银行还没答复。请不要重发/);
    await text(ZHANG, '给妈妈充51');
    await said(/刚才那笔正在办/);
    gateway.bank.play('succeed');
    await run("UPDATE payment SET due_at = NOW(3) - INTERVAL 1 SECOND WHERE state = 'unknown'");
    await gateway.app.get(PaymentsSweepJob).sweep();
    await said(/已给妈妈139\*\*\*\*0000充51\.00元/);
  });

  test('a branch in maintenance: paid, and told that the credit is under way', async () => {
    gateway.billing.state.faults.set('420000', 'maintenance');
    await text(ZHANG, '给妈妈充52');
    await said(/已付52\.00元,给139\*\*\*\*0000的充值正在入账/);
  });

  test('while billing is away nothing is said and nothing is charged; then it goes on', async () => {
    const before = debits();
    gateway.billing.state.silent = true;
    const id = await text(ZHANG, '充值53');
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(debits()).toBe(before);
    gateway.billing.state.silent = false;
    await said(/已充53\.00元/);
    await done(id);
    expect(debits()).toBe(before + 1);
  }, 20_000);

  test('a kill between any two steps: the row is taken up again, and finds what was done', async () => {
    const before = await payments();
    const id = await text(ZHANG, '充值54');
    await said(/已充54\.00元/);
    await done(id);
    await run("UPDATE sms_inbound SET state = 'new', payment_no = NULL, due_at = NOW(3) WHERE id = ?", [id]);
    await done(id);
    expect(await payments()).toBe(before + 1);
    expect(await count('sms_inbound WHERE id = ? AND payment_no IS NOT NULL', [id])).toBe(1);
    expect(gateway.texts.filter((message) => message.to === ZHANG)).toHaveLength(1);
  });

  test('above a sum the own number needs a code, too; what cannot be paid is refused before anybody is asked', async () => {
    const before = await payments();
    await text(ZHANG, '充值300');
    const question = await said(/给138\*\*\*\*1234充300元\?回复\d{4}确认/);
    expect(await payments()).toBe(before);
    await text(ZHANG, codeIn(question));
    await said(/已充300\.00元到本机/);
    await text(ZHANG, codeIn(question));
    await said(/没看懂,没有扣款/);
    expect(await payments()).toBe(before + 1);
    await text(ZHANG, 'CZ 13600003333 501');
    await said(/没有扣款:每次可充1到500元/);
  });

  test('three that fit are a choice by figures; a figure that was not offered is none', async () => {
    const before = await payments();
    await text(ZHANG, `TJ ${STRANGER} 妈咪`);
    await said(/没有扣款。已发短信问136\*\*\*\*3333/);
    await text(STRANGER, codeIn(await said(/想给您交话费/, STRANGER)));
    await said(/妈咪.*已同意/);
    await run("UPDATE linked_number SET nickname = '大妈' WHERE nickname = '岳母'");
    await text(ZHANG, '给妈充57');
    await said(/^【一点付】“妈”有3个:1妈妈0000,2大妈2222,3妈咪3333。5分钟内回复1到3。$/);
    await run("UPDATE linked_number SET nickname = '岳母' WHERE nickname = '大妈'");
    await text(ZHANG, '4');
    await said(/没看懂,没有扣款/);
    expect(await payments()).toBe(before);
    await text(ZHANG, '3');
    await said(/136\*\*\*\*3333充57\.00元/);
    expect(await payments()).toBe(before + 1);
  });

  test('a number is linked once, and unlinked by its name in full', async () => {
    await text(ZHANG, `TJ ${STRANGER} 妈咪`);
    await said(/没有扣款:136\*\*\*\*3333已经添加或问过/);
    await text(ZHANG, `TJ ${ZHANG} 我们`);
    await said(/没有扣款:这是本机号码/);
    await text(ZHANG, 'QX 咪');
    await said(/没有扣款:“咪”不够清楚/);
    await text(ZHANG, '删除妈咪');
    await said(/已取消妈咪136\*\*\*\*3333,没有扣款/);
    await text(ZHANG, '给妈咪充58');
    await said(/没有叫“妈咪”的亲友/);
  });

  test('a standing order is set, ended, and skipped by text, and nothing is taken by the text', async () => {
    const before = debits();
    await text(ZHANG, 'ZD 13500004444 30');
    await said(/没有扣款:这个号码不在亲友中/);
    await text(ZHANG, 'ZD 妈 30');
    await said(/没有扣款:“妈”不够清楚/);
    const id = await text(ZHANG, 'ZD 30');
    await said(/已开通:本机低于\d+元时自动充到30元/);
    await done(id);
    // As after a crash between the order and its mark: it is carried out again, and told once.
    await run("UPDATE sms_inbound SET state = 'new', due_at = NOW(3) WHERE id = ?", [id]);
    await done(id);
    expect(await count("sms_message WHERE template = 'auto_set'")).toBe(1);
    await text(ZHANG, 'N');
    await said(/没有等着扣的自动充值,没有扣款/);
    await text(ZHANG, 'ZD 0');
    await said(/已关闭自动充值,不会再自动扣款/);
    await text(STRANGER, 'ZD 30');
    await said(/没有扣款:本机还没有绑定银行卡/, STRANGER);
    expect(debits()).toBe(before);
  });

  test('who writes in English is answered in English, and whoever has chosen keeps his choice', async () => {
    await text(ZHANG, 'TOPUP 2000');
    await said(/^\[Yidian\] Not charged: /);
    await text(ZHANG, 'TOPUP 71');
    await said(/^\[Yidian\] Topped up 71\.00\. Balance \d+\.\d\d\. Ref \d{4}\.$/);
    await text(ZHANG, 'MX');
    await said(/^\[Yidian\] \d\d-\d\d me 71\.00 done/);
    await text(ZHANG, '充值72');
    await said(/已充72\.00元到本机/);
    await text(ZHANG, 'English');
    await said(/^\[Yidian\] Texts come in English\. Not charged/);
    await text(ZHANG, '给妈妈充73');
    await said(/^\[Yidian\] 73\.00 is on 139\*\*\*\*0000/);
    await said(/给您充了73\.00元/, MOTHER);
    await text(ZHANG, '中文');
    await said(/以后的短信用中文,没有扣款/);
    await text(ZHANG, 'TOPUP 74');
    await said(/已充74\.00元到本机/);
  });

  test('a bank in maintenance: not charged, and when to come again', async () => {
    const until = new Date(Math.floor(Date.now() / 60_000) * 60_000 + 630_000); // within a minute, not at its edge
    const plan = { provider: 'bank_a', from: new Date(Date.now() - 1_000), until, note: '' };
    const window = await gateway.app.get(PlanWindow).plan(plan, 'ops.a');
    await text(ZHANG, '充值75');
    const { time } =
      /^【一点付】甲银行维护到(?<time>(?:\d+月\d+日)?\d\d:\d\d),没有扣款。请\k<time>后重发,或换一张卡。$/.exec(
        await said(/维护到/),
      )?.groups as { time: string };
    expect(time.endsWith(until.toLocaleTimeString('en-GB', { timeZone: 'Asia/Shanghai' }).slice(0, 5))).toBe(true);
    await gateway.app.get(PlanWindow).end(window.id, 'ops.a');
    await text(ZHANG, '充值75');
    await said(/已充75\.00元到本机/);
  });

  test('MX tells what was paid, in one message', async () => {
    await text(ZHANG, 'MX');
    const list = await said(/^【一点付】\d\d-\d\d.*元已到账/);
    expect(list.length).toBeLessThanOrEqual(70);
    await text(NOBODY, 'MX');
    await said(/还没有充值记录,没有扣过款/, NOBODY);
  });

  test('a branch tells it in its own words, once they were measured', async () => {
    const save = gateway.app.get(SaveBranchText);
    const words = { branch: '420000', code: 'done_own', language: 'zh', saved_by: 'ops' } as const;
    await expect(save.execute({ ...words, text: `【湖北】${'谢'.repeat(140)}` })).rejects.toMatchObject({
      code: 'field_invalid',
    });
    await save.execute({ ...words, text: '【湖北移动】{amount}元到账,余额{balance}元。' });
    await text(ZHANG, '充值60');
    await said(/^【湖北移动】60\.00元到账,余额\d+\.\d\d元。$/);
    await save.execute({ ...words, text: '' });
    await text(ZHANG, '充值61');
    await said(/^【一点付】已充61\.00元到本机/);
  });

  test('PB with a number blocks only that one', async () => {
    await text(MOTHER, `PB ${NOBODY}`);
    await said(/没有问过您/, MOTHER);
    await text(MOTHER, `PB ${ZHANG}`);
    await said(/已屏蔽138\*\*\*\*1234/, MOTHER);
    await text(ZHANG, '给妈妈充59');
    await said(/没有叫“妈妈”的亲友/);
    await text(ZHANG, `TJ ${MOTHER} 妈妈`);
    await said(/^【一点付】没有扣款:/);
  });

  test('PB ends being asked and being paid for by name', async () => {
    await text(AUNT, 'PB');
    await said(/已记下,不再向您询问/, AUNT);
    const blind = gateway.app.get(PersonNumbers).blind(AUNT);
    expect(await gateway.app.get(AgreementsStore).activeFor(blind)).toEqual([]);
    await text(ZHANG, '给岳母充55');
    await said(/没有叫“岳母”的亲友/);
  });

  test('JB: the card is never charged again', async () => {
    await text(ZHANG, 'JB');
    await said(/已解绑甲银行尾号8812/);
    const before = debits();
    await text(ZHANG, '充值56');
    await said(/没有扣款:本机还没有绑定银行卡/);
    expect(debits()).toBe(before);
  });

  describe('the door', () => {
    const knock = async (body: string, signature?: string) => {
      const headers = { 'content-type': 'application/json', ...(signature ? { 'x-smsc-signature': signature } : {}) };
      const answer = await fetch(`${gateway.url}/channels/sms/mo`, { method: 'POST', headers, body });
      return `${answer.status} ${((await answer.json()) as { code: string }).code}`;
    };
    const sign = (body: string, secret = SMSC_SECRET) => createHmac('sha256', secret).update(body).digest('hex');
    const good = { id: 'x1', from: ZHANG, to: '10086', text: '充值50', time: new Date().toISOString() };

    test('takes nothing that is not signed by the message centre', async () => {
      const body = JSON.stringify(good);
      expect(await knock(body)).toBe('401 signature_invalid');
      expect(await knock(body, 'ab')).toBe('401 signature_invalid');
      expect(await knock(body, sign(body, 'the secret of somebody else'))).toBe('401 signature_invalid');
      expect(await knock(JSON.stringify({ ...good, text: '充值500' }), sign(body))).toBe('401 signature_invalid');
    });

    test.each([
      ['nothing', {}],
      ['no text', { ...good, text: undefined }],
      ['no number', { ...good, from: 'Bank' }],
      ['no time', { ...good, time: 'now' }],
      ['an id with blanks', { ...good, id: 'a b' }],
      ['a list', []],
    ])('%s is not accepted and leaves no row', async (_, message) => {
      const before = await count('sms_inbound');
      const body = JSON.stringify(message);
      expect(await knock(body, sign(body))).toBe('400 sms_not_accepted');
      expect(await count('sms_inbound')).toBe(before);
    });
  });
});
