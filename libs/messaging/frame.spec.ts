import { BadFrame, frameBytes, FrameReader, KIND, MAX_FRAME_BYTES, type Frame } from './frame';

/** Numbers that look random and are the same in every run. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state % below;
  };
}

const text = (roll: (below: number) => number) => '{"王":"' + 'é€😀x'.repeat(roll(200)) + `${roll(1_000_000)}"}`;

function frames(roll: (below: number) => number, count: number): Frame[] {
  return Array.from({ length: count }, (_, n) => {
    const kind = ([1, 2, 3, 4, 5] as const)[roll(5)] ?? 1;
    const asked = kind === KIND.asked || kind === KIND.packedAsked;
    return { kind, call: n * 7_000_003, pattern: asked ? 'topups.post' : '', text: text(roll) };
  });
}

const bytesOf = ({ kind, call, pattern, text: said }: Frame) => frameBytes(kind, call, pattern, said);

describe('frames', () => {
  test('however the bytes are cut into chunks, the same frames come out, none early and none by half', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const roll = dice(seed);
      const sent = frames(roll, 30);
      const bytes = Buffer.concat(sent.map(bytesOf));
      const reader = new FrameReader();
      const heard: Frame[] = [];
      const longest = [3, 40, 700, 20_000][seed % 4] ?? 1;
      for (let at = 0; at < bytes.length;) {
        const end = Math.min(bytes.length, at + 1 + roll(longest));
        reader.push(bytes.subarray(at, end), (frame) => heard.push(frame));
        at = end;
      }
      expect(heard).toEqual(sent);
      expect(reader.midway).toBe(false);
    }
  });

  test('a begun frame gives nothing and is known to be begun', () => {
    const bytes = frameBytes(KIND.asked, 1, 'a', '{}');
    for (let length = 1; length < bytes.length; length++) {
      const reader = new FrameReader();
      reader.push(bytes.subarray(0, length), () => expect('nothing').toBe('heard'));
      expect(reader.midway).toBe(true);
    }
  });

  test.each([
    { name: 'longer than any frame', bytes: [0xff, 0xff, 0xff, 0xff, 1] },
    { name: 'shorter than its head', bytes: [0, 0, 0, 4, 1, 0, 0, 0] },
    { name: 'of kind 0', bytes: [0, 0, 0, 5, 0, 0, 0, 0, 0] },
    { name: 'of kind 6', bytes: [0, 0, 0, 5, 6, 0, 0, 0, 0] },
    { name: 'a question without a pattern', bytes: [0, 0, 0, 5, 1, 0, 0, 0, 0] },
    { name: 'a question with an empty pattern', bytes: [0, 0, 0, 6, 1, 0, 0, 0, 0, 0] },
    { name: 'a pattern longer than its frame', bytes: [0, 0, 0, 7, 1, 0, 0, 0, 0, 9, 65] },
    { name: 'a text that is no UTF-8', bytes: [0, 0, 0, 7, 2, 0, 0, 0, 0, 0xc3, 0x28] },
    { name: 'a text of Nest', bytes: [...Buffer.from('27#{"pattern":"a","data":{}}')] },
  ])('refused: $name', ({ bytes }) => {
    expect(() => new FrameReader().push(Buffer.from(bytes), () => undefined)).toThrow(BadFrame);
  });

  test('a bit that has turned over never makes the reader do anything but hand out texts or refuse', () => {
    const roll = dice(99);
    for (let round = 0; round < 300; round++) {
      const bytes = Buffer.concat(frames(roll, 4).map(bytesOf));
      const at = roll(bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << roll(8));
      let heard = 0;
      let thrown: unknown = null;
      try {
        new FrameReader().push(bytes, () => (heard += 1));
      } catch (error) {
        thrown = error;
      }
      expect(thrown === null || thrown instanceof BadFrame).toBe(true);
      expect(heard).toBeLessThanOrEqual(4);
    }
  });

  test('what a reader would not take is not sent', () => {
    const huge = { length: MAX_FRAME_BYTES + 1 };
    const bytes = jest.spyOn(Buffer, 'byteLength').mockReturnValueOnce(huge.length);
    expect(() => frameBytes(KIND.asked, 1, 'a', '')).toThrow(BadFrame);
    bytes.mockRestore();
    expect(() => frameBytes(KIND.asked, 1, 'a'.repeat(256), '{}')).toThrow(BadFrame);
  });
});
