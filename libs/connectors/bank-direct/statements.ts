import { atMost, collected, LARGEST_STATEMENT, type ProviderFile, type StatementFile } from '../contract';
import { LARGEST_FILE } from './files/file-drop';
import type { Link } from './link';

/**
 * The file of one business date, as it is. "Not there yet" and "nothing happened that day" are different answers: the
 * first is asked again, the second ends the day.
 */
export function fetchStatement(link: Link, date: string, signal: AbortSignal): Promise<StatementFile> {
  return fetchFile(link, { path: `/v1/statements/${date}`, fileName: `${date}.yd1.txt` }, signal);
}

/** The bank's list of agreements as it stood at the end of a date. */
export async function fetchAgreementFile(link: Link, date: string, signal: AbortSignal): Promise<ProviderFile> {
  const asked = { path: `/v1/agreement-files/${date}`, fileName: `${date}.ya1.txt` };
  const file = await fetchFile(link, asked, signal);
  return file.state === 'ready' ? { ...file, content: await collected(LARGEST_FILE, file.content) } : file;
}

async function fetchFile(
  link: Link,
  { path, fileName }: { path: string; fileName: string },
  signal: AbortSignal,
): Promise<StatementFile> {
  const answer = await link.download(path, signal);
  if ('bytes' in answer) return { state: 'ready', fileName, content: atMost(LARGEST_STATEMENT, answer.bytes) };
  if (answer.status === 404) {
    const { code } = JSON.parse(answer.body.toString('utf8')) as { code?: unknown };
    if (code === 'not_ready' || code === 'none_today') return { state: code };
  }
  throw new Error(`${fileName}: HTTP ${answer.status}`);
}
