/** A trouble that the reader can do something about: printed as one sentence, without a stack. */
export class PlainError extends Error {
  name = 'PlainError';
}

/** Words for the system errors a newcomer meets, so that no stack trace is the answer. */
export function inWords(error) {
  if (error?.code === 'ENOSPC' || /No space left on device/i.test(String(error?.message)))
    return 'The disk is full: free some space (a first start needs about 2 GB), then start again.';
  if (error?.code === 'EACCES' || error?.code === 'EROFS')
    return `No permission to write ${error.path ?? 'here'}: start from a folder that belongs to you.`;
  return undefined;
}
