import { inStep } from '../../platform/progress';
import { verifyBooks } from '../../platform/verify-books';
import type { Around, Outcome } from './around';
import { checkRun, isClean } from './check-run';
import type { KilledService } from './options';
import { showVerdict } from './results';
import { struckRun } from './struck-run';
import { startTopupPlatform } from './topup-platform';

const CONNECTIONS = 64;
const PER_SECOND = 1_500;
const AWAY_MS = 1_500;
const SETTLE_S = 180;

/** `npm run bench:topup -- --kill billing`. */
export async function killDrill(around: Around, service: KilledService): Promise<Outcome> {
  const { generator, screen, session, options, journal } = around;
  const stage = await startTopupPlatform(around);
  const { book, platform, doors, subscribers, gatewaySchema, billingSchema } = stage;
  const { load, settled } = await session.part(() =>
    inStep(
      screen,
      `kill ${service}`,
      () =>
        struckRun({
          generator,
          door: doors.hmac,
          book,
          journal,
          connections: options.ladder.length === 1 ? (options.ladder[0] ?? CONNECTIONS) : CONNECTIONS,
          seconds: Math.max(6, options.seconds),
          perSecond: PER_SECOND,
          kill: () => platform.kill(service),
          restart: () => platform.restart(service),
          awayMs: AWAY_MS,
          settleSeconds: SETTLE_S,
        }),
      ({ load: during, settled: after }) =>
        `${during.acknowledged} acknowledged under load, ${after.completed} of ${after.asked} afterwards`,
    ),
  );
  screen.say(`   under load: ${load.pending} pending, ${load.again} to ask again, ${load.lost} without an answer`);
  for (const sample of [...load.samples, ...settled.samples]) screen.say(`   refused: ${sample}`);
  const verdict = await checkRun({ run: book.run, journal, subscribers, gatewaySchema, billingSchema });
  showVerdict(screen, verdict);
  const books = await verifyBooks(stage.ports);
  for (const check of books.checks.filter(({ ok }) => !ok)) screen.say(`   ✘ ${check.name}: ${check.detail}`);
  const clean = isClean(verdict) && books.ok && settled.open === 0;
  screen.say(clean ? ' ✔ nothing lost, nothing doubled, the books balance' : ' ✘ NOT CLEAN');
  const { acknowledged, lost, doubled, balancesOff } = verdict;
  const asked = { pending: load.pending, again: load.again, without_answer: load.lost, settled: settled.completed };
  return {
    clean,
    json: { killed: service, acknowledged, lost, doubled, balances_off: balancesOff, ...asked, books_ok: books.ok },
  };
}
