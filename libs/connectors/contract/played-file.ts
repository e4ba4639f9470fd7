import type { ProviderFile, StatementFile } from './connector';

/** A statement read to its end, as tests compare it. */
export async function whole(
  fetched: Promise<StatementFile | ProviderFile> | StatementFile | ProviderFile,
): Promise<ProviderFile> {
  const file = await fetched;
  if (file.state !== 'ready') return file;
  if (Buffer.isBuffer(file.content)) return { ...file, content: file.content };
  const chunks: Uint8Array[] = [];
  for await (const chunk of file.content) chunks.push(chunk);
  return { ...file, content: Buffer.concat(chunks) };
}
