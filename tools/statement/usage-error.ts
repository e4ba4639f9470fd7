/** The command cannot be carried out as it was given. */
export class UsageError extends Error {
  override readonly name = 'PlainError';
}
