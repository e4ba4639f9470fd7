/**
 * Arrays that a worker uses again and again for partition after partition: fresh ones of some megabytes each are zeroed, faulted
 * in and collected, which cost as much as the sorting. What is taken under a name is gone when the name is taken again.
 */
export class Scratch {
  private readonly arrays = new Map<string, Uint32Array>();

  /** Not zeroed. */
  take(name: string, length: number): Uint32Array {
    const known = this.arrays.get(name);
    if (known && known.length >= length) return known.subarray(0, length);
    const fresh = new Uint32Array(Math.ceil(length * 1.25));
    this.arrays.set(name, fresh);
    return fresh.subarray(0, length);
  }
}
