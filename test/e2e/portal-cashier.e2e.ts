import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type Page, type Request } from 'playwright-core';
import { MoneyBank } from '../../apps/gateway/src/testing/money-bank';
import { PlayedGateway, until } from '../../apps/gateway/src/testing/played-gateway';

/**
 * The cashier as a payer without a card meets it, in Debian's Chromium: he chooses among the providers, goes to the page of
 * one, comes back, or pays by a code. The banks are played with their wire and ledgers; their pages are one button.
 */
const ROOT = join(__dirname, '../..');
const SCREENS = join(ROOT, 'out/screens');
const NUMBER = '13300000077';

describe('the portal’s cashier', () => {
  let gateway: PlayedGateway;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];
  /** What reached the banks' pages. */
  const visits: Request[] = [];
  const banks = { bank_a: new MoneyBank(), bank_b: new MoneyBank() };

  beforeAll(async () => {
    mkdirSync(SCREENS, { recursive: true });
    gateway = await PlayedGateway.start({ otherBank: true, settings: { WEB_DIR: join(ROOT, 'dist/web') } });
    gateway.billing.state.addNumber(NUMBER);
    banks.bank_a.play(gateway.bank);
    if (gateway.other) banks.bank_b.play(gateway.other);
    browser = await chromium.launch({
      executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium-headless-shell',
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
    });
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'zh-CN' });
    context.on('console', (message) => {
      if (message.type() === 'error') complaints.push(`${message.text()} ${message.location().url}`);
    });
    await context.route('http://bank.example/**', (route) => {
      visits.push(route.request());
      return route.fulfill({ contentType: 'text/html', body: '<title>bank</title><h1>at the bank</h1>' });
    });
    page = await context.newPage();
    await signIn();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await gateway?.close();
  });
  afterEach(() => jest.restoreAllMocks());

  async function signIn(): Promise<void> {
    await page.goto(`${gateway.url}/portal/`);
    await page.locator('#number').fill(NUMBER);
    await page.getByRole('button', { name: '获取验证码' }).click();
    const code = /验证码(\d{6})/.exec(await gateway.received(NUMBER, /登录验证码/))?.[1] ?? '';
    await page.locator('#code').fill(code);
    await page.getByRole('button', { name: '登录' }).click();
    await page.getByText('怎么付?').waitFor();
  }
  const way = (bank: string, how: string) =>
    page.locator('.adm-selector-item', { hasText: bank }).filter({ hasText: how });
  async function choose(bank: string, how: string): Promise<void> {
    await way(bank, how).click();
    await page.getByRole('button', { name: /付 ¥50\.00/ }).click();
    await page.getByText('还没有付款').waitFor();
  }
  const idOnPage = () => /\/portal\/payments\/(pay_\d{20})$/.exec(page.url())?.[1] ?? '';
  /** The payer has paid at the bank, and the bank tells us. */
  async function paidAt(bank: 'bank_a' | 'bank_b', id: string): Promise<void> {
    const number = id.slice('pay_'.length);
    await gateway.callback('debit.succeeded', banks[bank].payPage(`${number}01`), `${id}_paid`, 1, bank);
  }
  const shot = (name: string) => page.screenshot({ path: join(SCREENS, `${name}.png`), fullPage: true });

  test('all that can take the sum are shown, also without a bound card', async () => {
    for (const bank of ['甲银行', 'bank_b'])
      for (const how of ['到对方页面付款', '扫码付款']) expect(await way(bank, how).count()).toBe(1);
    await shot('portal-ways');
  });

  test('to the page of the chosen one, and back to the address of the payment, which says how it ended', async () => {
    await choose('bank_b', '到对方页面付款');
    const id = idOnPage();
    await shot('portal-go-and-pay');
    await page.getByRole('button', { name: '去付款' }).click();
    await page.getByText('at the bank').waitFor();
    expect(visits.at(-1)?.url()).toBe(`http://bank.example/${id.slice(4)}01`);
    const [asked] = gateway.other?.received('/v1/cashiers').slice(-1) ?? [];
    expect(asked).toMatchObject({ return_url: `${gateway.url}/portal/payments/${id}` });
    await paidAt('bank_b', id);
    await page.goto(String(asked?.['return_url']));
    await page.getByText('充好了').waitFor({ timeout: 15_000 });
    expect(await page.getByRole('button', { name: '去付款' }).count()).toBe(0);
  });

  test('a code is shown as a picture, and the page that waits is told when it is paid', async () => {
    await page.goto(`${gateway.url}/portal/`);
    await choose('甲银行', '扫码付款');
    await page.getByRole('img', { name: '付款码' }).locator('svg').waitFor();
    const box = await page.locator('.code-picture svg').first().boundingBox();
    expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(200);
    await shot('portal-code');
    await paidAt('bank_a', idOnPage());
    await page.getByText('充好了').waitFor({ timeout: 15_000 });
  });

  test('a form that the provider wants is posted by the browser', async () => {
    const form = { orderId: '1', signature: 'a+b/=' };
    const expiresAt = new Date(Date.now() + 60_000);
    jest
      .spyOn(gateway.connector('bank_a'), 'openCashier')
      .mockResolvedValueOnce({ outcome: 'opened', payUrl: 'http://bank.example/front', form, expiresAt });
    await page.goto(`${gateway.url}/portal/`);
    await choose('甲银行', '到对方页面付款');
    await page.getByRole('button', { name: '去付款' }).click();
    await page.getByText('at the bank').waitFor();
    const sent = visits.at(-1);
    expect([sent?.method(), sent?.postData()]).toEqual(['POST', new URLSearchParams(form).toString()]);
    await page.goBack();
  });

  test('another way while the first page is open: same number and sum, and the second is paid', async () => {
    await page.goto(`${gateway.url}/portal/`);
    await choose('甲银行', '到对方页面付款');
    const first = idOnPage();
    await page.getByRole('button', { name: '换一种方式付款' }).click();
    await page.getByText('怎么付?').waitFor();
    await choose('bank_b', '扫码付款');
    const second = idOnPage();
    expect(second).not.toBe(first);
    const { body } = await gateway.call<{ data: unknown[] }>('GET', '/v1/payments');
    expect(body.data).toEqual([]); // the customer's, not the partner's
    const [row] = await gateway.database.db.select('SELECT replaces, amount FROM payment WHERE payment_no = ?', [
      second.slice(4),
    ]);
    expect(row).toEqual({ replaces: first.slice(4), amount: 5_000n });
    await paidAt('bank_b', second);
    await page.getByText('充好了').waitFor({ timeout: 15_000 });
  });

  test('nothing complains', async () => {
    await until(() => Promise.resolve(page.url() !== ''));
    expect(complaints.filter((line) => !/401|stream/.test(line))).toEqual([]);
  });
});
