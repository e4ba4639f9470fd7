import { readOptions, Unusable } from './options';
import { readMessage } from './read-message';
import { readJson, readRequest } from './read-request';
import { linesOf, type Report } from './report';
import { verifyPartner } from './verify-partner';
import { verifyProvider } from './verify-provider';

/** Sends nothing, asks nobody: two files in, a verdict out. */
export async function main(args: string[]): Promise<number> {
  try {
    const options = readOptions(args);
    const { provider, keysPath, requestPath, json, door, now = new Date() } = options;
    const keys = readJson(keysPath);
    const report =
      provider === 'partner'
        ? await verifyPartner(keys, readMessage(requestPath), now, door)
        : await verifyProvider(provider, keys, readRequest(requestPath), now);
    say(report, json);
    return report.verified ? 0 : 1;
  } catch (error) {
    if (!(error instanceof Unusable)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}

function say(report: Report, json: boolean): void {
  process.stdout.write(`${json ? JSON.stringify(report) : linesOf(report).join('\n')}\n`);
}
