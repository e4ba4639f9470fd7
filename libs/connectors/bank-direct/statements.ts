import type { ProviderFile } from '../contract';
import type { Link } from './link';

/**
 * The file of one business date, as it is. "Not there yet" and "nothing happened that day" are different answers: the
 * first is asked again, the second ends the day.
 */
export async function fetchStatement(link: Link, date: string, signal: AbortSignal): Promise<ProviderFile> {
  const { status, body } = await link.get(`/v1/statements/${date}`, signal);
  if (status === 200) return { state: 'ready', fileName: `${date}.yd1.txt`, content: body };
  if (status === 404) {
    const { code } = JSON.parse(body.toString('utf8')) as { code?: unknown };
    if (code === 'not_ready' || code === 'none_today') return { state: code };
  }
  throw new Error(`statement of ${date}: HTTP ${status}`);
}
