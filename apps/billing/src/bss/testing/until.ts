/** Waits for what comes by itself. @throws when it does not come in time */
export async function until(holds: () => Promise<boolean> | boolean, withinMs = 5_000): Promise<void> {
  for (const deadline = Date.now() + withinMs; !(await holds());) {
    if (Date.now() > deadline) throw new Error('it did not come to pass');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
