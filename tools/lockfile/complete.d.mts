export interface Lock {
  packages: Record<string, Record<string, unknown>>;
}
export function platformOf(name: string): { os?: string; cpu?: string; libc?: string };
export function missingEntries(lock: Lock): { key: string; name: string; version: string }[];
export function complete(lock: Lock): string[];
export function lockProblems(text: string): string[];
