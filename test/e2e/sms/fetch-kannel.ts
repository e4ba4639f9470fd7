import { unpackDebian } from '../../../tools/platform/debian';

/** Unpacks Debian's kannel into the folder that is named; a process of its own, because tests are chosen before any can wait. */
const nothing = (): void => undefined;
const step = { note: nothing, progress: nothing, done: nothing, fail: nothing };
const into = process.argv[2] ?? '';

unpackDebian(
  {
    wanted: ['kannel', 'kannel-extras'],
    libraries: ['libpcre3', 'libhiredis0.14', 'libct4', 'freetds-common'],
    into,
  },
  step,
).catch((error: unknown) => {
  process.stderr.write(error instanceof Error ? error.message : String(error));
  process.exit(1);
});
