import { join } from 'node:path';
import { choosePorts } from '../../platform/ports';
import { inStep } from '../../platform/progress';
import { completedPayments, makeSchemas } from '../baseline/schemas.store';
import { startBaseline } from '../baseline/start-baseline';
import { STYLES, type Style } from '../baseline/style';
import { newOrderBook, type Around } from './around';
import type { Door } from './generator/door';
import { Meter, type Measurement } from './measure';
import { bestOf, findPeak } from './phases';
import { benchSubscribers } from './subscribers';
import { PORT_BASE } from './topup-platform';

export interface BaselineFigures {
  rows: Measurement[];
  rawPerSecond: number;
  savePerSecond: number;
}

const NAMES: Record<Style, string> = { raw: 'statements', save: 'repository.save' };

/** The ordinary stack in both styles: same database server, same durability, same numbers, same generator. */
export async function measureBaselines(around: Around): Promise<BaselineFigures> {
  const rows: Measurement[] = [];
  const best: Record<Style, number> = { raw: 0, save: 0 };
  for (const style of STYLES) {
    const steps = await measureStyle(around, style);
    rows.push(...steps);
    best[style] = bestOf(steps)?.perSecond ?? 0;
  }
  return { rows, rawPerSecond: best.raw, savePerSecond: best.save };
}

async function measureStyle(around: Around, style: Style): Promise<Measurement[]> {
  const { root, screen, session, servers, generator, options } = around;
  const numbers = benchSubscribers(options.subscribers);
  const { ports } = await session.part(() => choosePorts(PORT_BASE + 20));
  const schemas = await makeSchemas(servers.adminUrl, `baseline_${style}`, numbers);
  const baseline = await session.part(() =>
    inStep(
      screen,
      'baseline',
      () =>
        startBaseline(root, servers.places.logs, {
          style,
          schemas,
          gatewayPort: ports.gateway,
          billingPort: ports.billingRpc,
        }),
      () => `Nest, Express, class-validator, Nest TCP, TypeORM: ${NAMES[style]}`,
    ),
  );
  session.add(() => baseline.stop());
  servers.note(baseline.running());
  const book = newOrderBook(numbers);
  await generator.ask({ do: 'begin', book, journal: join(servers.places.data, `journal-${style}`) });
  const door: Door = { name: NAMES[style], host: '127.0.0.1', port: ports.gateway, path: '/payments', perRequest: 1 };
  const processes = () => [...baseline.running(), { name: 'mariadb', pid: servers.databasePid }];
  const meter = new Meter(generator, screen, processes, around.commits, options.warmLimitSeconds);
  await session.part(() => meter.warmUp(door));
  const steps = await findPeak(meter, door, { session, options, ladder: options.baselineLadder });
  await generator.ask({ do: 'end' });
  const { payments, transfers } = await completedPayments(schemas);
  screen.say(`   written: ${payments} completed payments, ${transfers} transfers`);
  await baseline.stop();
  return steps;
}
