import type { ProviderFile } from '../contract';
import type { Link } from './link';

/**
 * The file of one business date, as it is. "Not there yet" and "nothing happened that day" are different answers: the
 * first is asked again, the second ends the day.
 */
export function fetchStatement(link: Link, date: string, signal: AbortSignal): Promise<ProviderFile> {
  return fetchFile(link, { path: `/v1/statements/${date}`, fileName: `${date}.yd1.txt` }, signal);
}

/** The bank's list of agreements as it stood at the end of a date. */
export function fetchAgreementFile(link: Link, date: string, signal: AbortSignal): Promise<ProviderFile> {
  return fetchFile(link, { path: `/v1/agreement-files/${date}`, fileName: `${date}.ya1.txt` }, signal);
}

async function fetchFile(
  link: Link,
  { path, fileName }: { path: string; fileName: string },
  signal: AbortSignal,
): Promise<ProviderFile> {
  const { status, body } = await link.get(path, signal);
  if (status === 200) return { state: 'ready', fileName, content: body };
  if (status === 404) {
    const { code } = JSON.parse(body.toString('utf8')) as { code?: unknown };
    if (code === 'not_ready' || code === 'none_today') return { state: code };
  }
  throw new Error(`${fileName}: HTTP ${status}`);
}
