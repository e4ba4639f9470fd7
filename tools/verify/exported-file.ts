import { compareWithExported, type ExportedAnchor } from '@yidian/journal';
import type { Db } from '@yidian/database';
import { snapshotNote, snapshotOn } from '@yidian/ledger';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { PlainError } from '../platform/progress';
import type { Check } from './report';

const file = z.object({
  format: z.literal('yidian-anchors-1'),
  anchors: z.array(
    z.object({
      service: z.string(),
      text: z.string(),
      keyId: z.string(),
      publicKeyPem: z.string(),
      signature: z.string(),
    }),
  ),
});

/** Signed anchors in one file, to be kept where nobody who can write the databases can write. */
export function writeExported(path: string, anchors: readonly ExportedAnchor[]): void {
  const content: z.input<typeof file> = { format: 'yidian-anchors-1', anchors: [...anchors] };
  writeFileSync(path, `${JSON.stringify(content, null, 2)}\n`);
}

/** @throws PlainError when it is not such a file */
export function readExported(path: string): ReadonlyMap<string, ExportedAnchor> {
  if (!existsSync(path)) throw new PlainError(`There is no file ${path}.`);
  try {
    const { anchors } = file.parse(JSON.parse(readFileSync(path, 'utf8')));
    return new Map(anchors.map((anchor) => [anchor.service, anchor]));
  } catch {
    throw new PlainError(`${path} was not written by --export-anchor.`);
  }
}

/** The rows against an anchor exported earlier, and what has come since that no anchor outside covers. */
export async function checkAgainst(db: Db, exported: ExportedAnchor, trusted: string | undefined): Promise<Check[]> {
  const { findings, sealed, tail } = await compareWithExported(db, exported, trusted);
  const notes = await staleNotes(db, sealed.notes);
  const off = [...findings, ...notes];
  const at = `anchor ${sealed.anchor.n} of ${sealed.anchor.at.toISOString()}`;
  const key = trusted === undefined ? ` (signed by the key in the file itself: is it yours? ${exported.keyId})` : '';
  return [
    { name: 'exported anchor', ok: off.length === 0, detail: off.join('; ') || `${at} holds${key}` },
    {
      name: 'open since',
      ok: true,
      detail: `${tail.batches} batches of ${tail.lanes} lanes, ${tail.anchors} anchors: export again to cover them`,
    },
  ];
}

/** Only ledgers have snapshots, and only what was taken stands. */
async function staleNotes(db: Db, notes: readonly string[]): Promise<string[]> {
  const stale: string[] = [];
  for (const note of notes) {
    const [word, day = ''] = note.split('|');
    if (word !== 'snapshot') continue;
    const snapshot = await snapshotOn(db, day);
    if (!snapshot || snapshotNote(snapshot) !== note)
      stale.push(`the balances of ${day} are not those that were covered`);
  }
  return stale;
}
