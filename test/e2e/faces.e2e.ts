import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { startStage, type Stage } from './stage';

/**
 * The pages as a person meets them, in Debian's Chromium: the front door's two clicks, a portal top-up for a linked
 * number, one break from found to approved by two people. Pictures of each go to out/screens for whoever wants to look.
 */
const SCREENS = join(__dirname, '../../out/screens');

describe('faces', () => {
  let stage: Stage;
  let browser: Browser;
  const complaints: string[] = [];

  beforeAll(async () => {
    mkdirSync(SCREENS, { recursive: true });
    stage = await startStage('faces', { demoPayments: 120 });
    browser = await chromium.launch({
      executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium-headless-shell',
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
    });
    await stage.playDemoDay();
  }, 240_000);

  afterAll(async () => {
    await browser?.close();
    await stage?.stop();
  });

  async function visitor(width = 1366, height = 900): Promise<BrowserContext> {
    const context = await browser.newContext({ viewport: { width, height }, locale: 'zh-CN' });
    context.on('console', (message) => {
      if (message.type() === 'error') complaints.push(`${message.text()} ${message.location().url}`);
    });
    return context;
  }

  const shot = (page: Page, name: string) => page.screenshot({ path: join(SCREENS, `${name}.png`), fullPage: true });

  test('front door: Send, and both phones ring; then a silent bank is unknown and resolves itself', async () => {
    const context = await visitor();
    const page = await context.newPage();
    await page.goto(stage.frontDoor);
    const zhang = page.locator('#phone-zhang');
    const mother = page.locator('#phone-mother .messages');
    await zhang.getByRole('button').click();
    await zhang.getByText('已给妈妈139****0000充50.00元').last().waitFor({ timeout: 10_000 });
    await mother.getByText('给您充了50.00元').last().waitFor({ timeout: 10_000 });
    await page.locator('#timeline').getByText('充好了').waitFor({ timeout: 10_000 });
    await shot(page, 'front-door');

    await page.locator('[data-behaviour=no_answer_done]').click();
    await zhang.locator('input').fill('给妈妈充30');
    await zhang.getByRole('button').click();
    await zhang.getByText('银行还没答复').last().waitFor({ timeout: 20_000 });
    await shot(page, 'front-door-unknown');
    await zhang.getByText('已给妈妈139****0000充30.00元').last().waitFor({ timeout: 60_000 });
    await context.close();
  }, 120_000);

  test('portal: sign in by the code on the phone, top up a linked number, see the result and the history', async () => {
    const context = await visitor(390, 844);
    const page = await context.newPage();
    await page.goto(`${stage.gateway}/portal/`);
    await page.locator('#number').fill('13800001234');
    const before = await stage.messages('13800001234');
    await page.getByRole('button', { name: '获取验证码' }).click();
    await page.locator('#code').waitFor();
    await page.locator('#code').fill(await stage.nextCode('13800001234', before.length));
    await shot(page, 'portal-sign-in');
    await page.getByRole('button', { name: '登录' }).click();
    await page.getByText('给谁充?').waitFor();
    await page.locator('.adm-selector-item', { hasText: '妈妈' }).click();
    await page.locator('.adm-selector-item', { hasText: /^100$/ }).click();
    await shot(page, 'portal-top-up');
    await page.getByRole('button', { name: '付 ¥100.00' }).click();
    await page.getByText('已到妈妈的账上').waitFor({ timeout: 15_000 });
    expect(page.url()).toMatch(/\/portal\/payments\/pay_\d{20}$/);
    await page.reload();
    await page.getByText('已到妈妈的账上').waitFor({ timeout: 15_000 });
    await shot(page, 'portal-result');
    await page
      .getByRole('tab', { name: '记录' })
      .or(page.getByText('记录', { exact: true }))
      .first()
      .click();
    await page.getByRole('heading', { name: '记录' }).waitFor();
    await page.getByText('¥100.00').first().waitFor();
    await shot(page, 'portal-history');
    await context.close();
  }, 60_000);

  test('console: a short found by the night is proposed by one person and approved by another', async () => {
    const maker = await visitor();
    const page = await maker.newPage();
    await page.goto(`${stage.frontDoor}/doors/console/clerk.a`);
    await page.getByRole('heading', { name: '今日' }).waitFor();
    await shot(page, 'console-today');
    await page.getByRole('menuitem', { name: '差错', exact: true }).click();
    await page.getByRole('cell', { name: '银行缺失(短款)' }).first().click();
    await page.getByRole('button', { name: '提交处理建议' }).click();
    await page.locator('#reason').fill('银行电话确认未到账,追款');
    await shot(page, 'console-propose');
    await page.getByRole('dialog').getByRole('button', { name: '提交处理建议' }).last().click();
    await page.getByText('1 笔已提交复核').waitFor();

    await page.getByRole('menuitem', { name: '待我审批' }).click();
    await page.getByRole('cell', { name: '银行缺失(短款)' }).first().click();
    await page.getByText('只有财务复核可以审批').or(page.getByText('不能审批自己提交的事项')).first().waitFor();
    expect(await page.getByRole('dialog').getByRole('button', { name: '通过' }).isDisabled()).toBe(true);
    await maker.close();

    const checker = await visitor();
    const second = await checker.newPage();
    await second.goto(`${stage.frontDoor}/doors/console/clerk.b`);
    await second.getByRole('menuitem', { name: '待我审批' }).click();
    await second.getByRole('cell', { name: '银行缺失(短款)' }).first().click();
    await shot(second, 'console-approve');
    await second.getByRole('dialog').getByRole('button', { name: '通过' }).click();
    await second.getByText('1 笔已处理').waitFor();
    for (const [name, path] of [
      ['console-days', '/console/days'],
      ['console-positions', '/console/positions'],
      ['console-close', '/console/close'],
      ['console-approvals', '/console/approvals'],
      ['console-party-statements', '/console/party-statements'],
      ['console-treasury', '/console/treasury'],
      ['console-payouts', '/console/payouts'],
      ['console-payees', '/console/payouts?tab=payees'],
      ['console-fees', '/console/fees'],
      ['console-commissions', '/console/commissions'],
      ['console-months', '/console/months'],
      ['console-adjustments', '/console/adjustments'],
      ['console-month', `/console/months/${stage.date.slice(0, 7)}`],
      ['console-routing', '/console/routing'],
      ['console-exposures', '/console/exposures'],
      ['console-run', `/console/runs/bank_a/${stage.date}`],
      ['console-credit-runs', '/console/credit-runs'],
      ['console-quality', '/console/quality'],
      ['console-agreement-breaks', '/console/agreement-breaks'],
      ['console-statement', `/console/statements/420000/${stage.date}`],
    ] as const) {
      await second.goto(`${stage.gateway}${path}`);
      await second.locator('h1').waitFor();
      await second.waitForLoadState('networkidle');
      await shot(second, name);
      expect([name, await second.locator('.ant-alert-error').count()]).toEqual([name, 0]);
    }
    await second.goto(`${stage.gateway}/console/statements/420000/${stage.date}`);
    const download = second.waitForEvent('download');
    await second
      .getByRole('link', { name: '下载 XLSX' })
      .or(second.getByRole('button', { name: '下载 XLSX' }))
      .click();
    expect((await download).suggestedFilename()).toMatch(/\.xlsx$/);
    await checker.close();
  }, 90_000);

  test('console: a fee is proposed, simulated and only then approved by somebody else', async () => {
    const maker = await (await visitor()).newPage();
    await maker.goto(`${stage.frontDoor}/doors/console/clerk.a`);
    await maker.getByRole('menuitem', { name: '手续费' }).click();
    await maker.getByRole('button', { name: '提交新约定' }).click();
    const dialog = maker.getByRole('dialog');
    await dialog.getByLabel('支付机构').click();
    await maker.locator('.ant-select-item-option', { hasText: 'demo_bank' }).click();
    await dialog.getByLabel('约定编号').fill('demo_bank-2099');
    await dialog.getByLabel('生效').fill('2099-01-01');
    await dialog.getByLabel('费率').fill('0.35%');
    await dialog.getByLabel('理由').fill('新合同');
    await dialog.getByRole('button', { name: '提交', exact: true }).click();
    await maker.getByText('已提交。先测算').waitFor();
    expect(await maker.getByRole('button', { name: '通过' }).isDisabled()).toBe(true);
    await maker.context().close();

    const checker = await (await visitor()).newPage();
    await checker.goto(`${stage.frontDoor}/doors/console/clerk.b`);
    await checker.getByRole('menuitem', { name: '手续费' }).click();
    const line = checker.getByRole('row', { name: /demo_bank-2099/ });
    expect(await line.getByRole('button', { name: '通过' }).isDisabled()).toBe(true);
    await line.locator('.ant-table-row-expand-icon').click();
    await checker.getByRole('button', { name: '测算' }).click();
    await checker.getByText(/\d+ 笔 · 相差/).waitFor({ timeout: 30_000 });
    await shot(checker, 'console-simulation');
    await line.getByRole('button', { name: '通过' }).click();
    await line.getByText('生效', { exact: true }).waitFor();
    await checker.context().close();
  }, 90_000);

  test('console: each role lands on a page of its own, and none on a refusal', async () => {
    for (const [who, heading] of [
      ['care', '号码时间线'],
      ['hubei', '今日'],
      ['ops', '今日'],
      ['audit', '今日'],
    ] as const) {
      const context = await visitor();
      const page = await context.newPage();
      await page.goto(`${stage.frontDoor}/doors/console/${who}`);
      await page.getByRole('heading', { name: heading }).waitFor();
      if (who === 'care') {
        await page.getByPlaceholder('139 0000 0000').fill('139 0000 0000');
        await page.getByRole('button', { name: '查看' }).click();
        await page.getByRole('cell', { name: '50.00' }).first().waitFor();
      }
      if (who === 'ops') {
        await page.getByRole('menuitem', { name: '通知投递' }).click();
        await page.getByRole('heading', { name: '通知投递' }).waitFor();
        await page.getByRole('menuitem', { name: '分公司短信' }).click();
        await page.getByRole('heading', { name: '分公司短信' }).waitFor();
        await page.waitForLoadState('networkidle');
        await shot(page, 'console-branch-texts');
      }
      if (who === 'hubei') {
        await page.getByRole('menuitem', { name: '头寸' }).click();
        await page.getByRole('link', { name: '湖北' }).first().waitFor();
      }
      await shot(page, `console-${who}`);
      if (who === 'care' || who === 'hubei') {
        await page.goto(`${stage.gateway}/console/${who === 'care' ? 'treasury' : 'quality'}`);
        await page.getByText('这一页不属于您的岗位').waitFor();
      }
      expect(await page.locator('.ant-alert-error').count()).toBe(0);
      await context.close();
    }
  }, 90_000);

  test('the pages of the API read well and nothing complained on the way', async () => {
    const context = await visitor();
    const page = await context.newPage();
    await page.goto(`${stage.gateway}/docs`);
    await page.getByText('/v1/payments').first().waitFor();
    await shot(page, 'docs');
    await page.goto(`${stage.gateway}/docs/errors`);
    await page.getByText('reference_reversed').first().waitFor();
    await shot(page, 'docs-errors');
    await page.goto(`${stage.frontDoor}/faults`);
    await shot(page, 'faults');
    await context.close();
    // A 401 of the sign-in probe is how the page learns that nobody is signed in; the browser logs it by itself.
    expect(complaints.filter((text) => !/status of 401/.test(text))).toEqual([]);
  }, 60_000);
});
