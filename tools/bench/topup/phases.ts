import type { Screen } from '../../platform/progress';
import type { Session } from '../../platform/session';
import type { Door } from './generator/door';
import type { Measurement, Meter } from './measure';
import type { TopupOptions } from './options';

/** The best of rising concurrencies, then a longer run there. */
export async function findPeak(
  meter: Meter,
  door: Door,
  around: { session: Session; options: TopupOptions; ladder: readonly number[] },
): Promise<Measurement[]> {
  const { session, options, ladder } = around;
  const steps: Measurement[] = [];
  for (const connections of ladder) {
    const { stepSeconds: seconds, warmSeconds } = options;
    steps.push(await session.part(() => meter.measure(door, { connections, seconds, warmSeconds })));
    const best = bestOf(steps);
    const latest = steps.at(-1);
    // Far past the peak the next doubling only costs time.
    if (latest && best && latest.perSecond < 0.8 * best.perSecond) break;
  }
  return steps;
}

export function bestOf(steps: readonly Measurement[]): Measurement | undefined {
  return [...steps].sort((a, b) => b.perSecond - a.perSecond)[0];
}

/** A run at a fixed rate: p50 and p99 as a caller sees them who does not wait for the others. */
export function atShareOfPeak(
  meter: Meter,
  door: Door,
  peak: Measurement,
  { seconds, warmSeconds }: TopupOptions,
): Promise<Measurement> {
  const connections = Math.max(64, peak.connections * 2);
  return meter.measure(door, { connections, seconds, warmSeconds, perSecond: peak.perSecond * SHARE });
}

const SHARE = 0.7;

/** A door that answers "no such route" is not there yet: its part is left out, and says so. */
export async function isThere(door: Door, screen: Screen): Promise<boolean> {
  const answer = await fetch(`http://${door.host}:${door.port}${door.path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  await answer.body?.cancel();
  if (answer.status !== 404 && answer.status !== 405) return true;
  screen.say(`   ${door.name}: POST ${door.path} answers ${answer.status}: not there, so it is not measured`);
  return false;
}
