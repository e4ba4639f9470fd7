/** A fixed order of 0..n-1 that looks like none: a Feistel network on the next even number of bits, walked until it falls within. */
export function anyOrder(n: number): (place: number) => number {
  const half = Math.max(1, Math.ceil(Math.log2(Math.max(2, n)) / 2));
  const mask = 2 ** half - 1;
  const mix = (value: number, round: number): number => {
    let hash = Math.imul(value ^ (round * 0x9e3779b9), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return (hash ^ (hash >>> 16)) & mask;
  };
  return (place) => {
    let at = place;
    do {
      let left = Math.floor(at / (mask + 1));
      let right = at & mask;
      for (let round = 1; round <= 4; round++) [left, right] = [right, left ^ mix(right, round)];
      at = left * (mask + 1) + right;
    } while (at >= n);
    return at;
  };
}
