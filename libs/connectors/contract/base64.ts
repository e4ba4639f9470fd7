/** One text for one signature: base64 that says the same bytes in another way is not what was sent. */
export function canonicalBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64');
  return bytes.length > 0 && bytes.toString('base64') === text ? bytes : null;
}
