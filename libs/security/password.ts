import argon2 from 'argon2';

/** OWASP's floor for argon2id with room above it; about 50 ms on one core. */
const COST = { type: argon2.argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Each hash takes a thread of libuv's pool: more at once would starve the database's and files' work. */
const MAX_AT_ONCE = 2;
let running = 0;
const waiting: (() => void)[] = [];

async function limited<T>(work: () => Promise<T>): Promise<T> {
  if (running >= MAX_AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  else running++;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running--;
  }
}

/** argon2id in PHC form. */
export const hashPassword = (password: string): Promise<string> => limited(() => argon2.hash(password, COST));

/** An unknown user is checked against this, so that the answer takes as long as for a known one. */
const DUMMY = '$argon2id$v=19$m=19456,t=2,p=1$YWJzZW50YWJzZW50YWJzZW50$xi+2q6Uim+dgrgCG3LPHldV7g+ZVwfvp1pOLZ/D+jFA';

/** @param hash undefined when there is no such user: takes the same time and is false */
export async function verifyPassword(hash: string | undefined, password: string): Promise<boolean> {
  const right = await limited(() => argon2.verify(hash ?? DUMMY, password));
  return hash !== undefined && right;
}
