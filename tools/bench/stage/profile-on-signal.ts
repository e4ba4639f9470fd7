import { renameSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';

/**
 * Loaded before a service (`node --require`): SIGWINCH starts its CPU profiler, the next one writes the profile to
 * PROFILE_INTO. (Nest takes SIGUSR2 for a wish to stop, V8 samples with SIGPROF; this one is nobody's.) Only the measured seconds are in it, and a service that is killed afterwards has written it already.
 */
const into = process.env['PROFILE_INTO'] ?? '';
const EVERY_US = 250;
let session: Session | undefined;

async function toggle(): Promise<void> {
  if (!session) {
    session = new Session();
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: EVERY_US });
    await session.post('Profiler.start');
    return;
  }
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  session = undefined;
  writeFileSync(`${into}.part`, JSON.stringify(profile));
  renameSync(`${into}.part`, into);
}

process.on('SIGWINCH', () => void toggle());
