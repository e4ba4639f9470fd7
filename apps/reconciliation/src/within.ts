/** The outcome of the work, or undefined when it takes longer than it may; the work itself is not stopped. */
export async function within<T>(limitMs: number, work: Promise<T> | undefined): Promise<T | undefined> {
  let late: NodeJS.Timeout | undefined;
  const limit = new Promise<undefined>((resolve) => (late = setTimeout(() => resolve(undefined), limitMs)));
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(late);
  }
}
