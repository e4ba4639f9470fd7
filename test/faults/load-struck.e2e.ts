import { join } from 'node:path';
import { REMOTE_BRANCH } from '../../sandbox/src/demo/demo-bss';
import { readDemoFile } from '../../sandbox/src/demo/demo-file';
import { newOrderBook } from '../../tools/bench/topup/around';
import { checkRun, isClean } from '../../tools/bench/topup/check-run';
import { GeneratorProcess } from '../../tools/bench/topup/generator-process';
import type { Door } from '../../tools/bench/topup/generator/door';
import { struckRun } from '../../tools/bench/topup/struck-run';
import { benchSubscribers, registerSubscribers } from '../../tools/bench/topup/subscribers';
import { silentScreen } from '../../tools/platform/progress';
import { verifyBooks } from '../../tools/platform/verify-books';
import { startStage, type Stage } from '../e2e/stage';

/** Well below what the demo bank's key may do in a second: refusals here come from the blow, not from the rate. */
const PER_SECOND = 150;

/**
 * A service is killed with hundreds of collections in its hands; the partner asks again with the same keys. The bench's own
 * generator and checker, which believe nobody, say what came of it.
 */
describe.each(['billing', 'gateway'] as const)('%s killed under load', (service) => {
  const root = join(__dirname, '../..');
  let stage: Stage;
  let generator: GeneratorProcess;

  beforeAll(async () => {
    stage = await startStage(`struck_${service}`, { demoPayments: 100 });
    generator = new GeneratorProcess(root);
  }, 120_000);

  afterAll(async () => {
    await generator?.stop();
    await stage?.stop();
  });

  test('nothing acknowledged is lost, nothing is doubled, everything gets a final word', async () => {
    // Hunan keeps its own billing system, which knows only the demo's people; its crashes have a suite of their own.
    const numbers = benchSubscribers(310).filter(({ branch }) => branch !== REMOTE_BRANCH);
    const subscribers = await registerSubscribers(stage.ports.billingRpc, numbers, silentScreen.step('numbers'));
    const book = newOrderBook(subscribers);
    const journal = join(stage.data, 'journal');
    const { load, settled } = await struckRun({
      generator,
      door: doorOf(stage),
      book,
      journal,
      connections: 32,
      seconds: 12,
      perSecond: PER_SECOND,
      kill: () => stage.platform.kill(service),
      restart: () => stage.platform.restart(service),
      awayMs: 1_000,
      settleSeconds: 150,
    });
    expect([load.refused, ...load.samples]).toEqual([0]);
    expect([settled.refused, settled.open, ...settled.samples]).toEqual([0, 0]);
    expect(load.pending + load.again + load.lost).toBeGreaterThan(0); // else the blow hit nothing
    const gatewaySchema = stage.schemaUrl('gateway');
    const billingSchema = stage.schemaUrl('billing');
    const verdict = await checkRun({ run: book.run, journal, subscribers, gatewaySchema, billingSchema });
    expect(verdict.troubles).toEqual([]);
    expect(isClean(verdict)).toBe(true);
    expect(verdict.acknowledged).toBeGreaterThan(100);
    expect((await verifyBooks(stage.ports)).checks.filter(({ ok }) => !ok)).toEqual([]);
  }, 300_000);
});

function doorOf({ ports, data }: Stage): Door {
  const { keyId, privateKeyPem } = readDemoFile(join(data, 'demo', 'demo.json')).partners.demo_bank;
  const key = { keyId, alg: 'ed25519' as const, material: privateKeyPem };
  return { name: 'demo bank', host: '127.0.0.1', port: ports.gateway, path: '/v1/payments', key, perRequest: 1 };
}
