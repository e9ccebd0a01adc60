import type { Texts } from '../../model/records.ts';
import { isAbsent } from './values.ts';

/** Gives every different text of a column a number, without making a string of one that is known. */
export interface ByteTexts extends Texts {
  /** 0 for an absent value (`-`), a negative number for one that cannot be. */
  codeOf(bytes: Buffer, start: number, end: number): number;
  /** Whether any text that is known cannot be. */
  readonly hasFaults: boolean;
  /** Makes sure that so many new texts fit without the codes changing under way. */
  makeRoom(texts: number): void;
}

/** Texts that are remembered; then all are forgotten, so that memory does not grow with the log. */
const MOST_TEXTS = 16_384;
const SLOTS = 4 * MOST_TEXTS;
const FAULTY = -1;

export function byteTexts(
  faultOf: (bytes: Buffer, start: number, end: number) => string | undefined,
): ByteTexts {
  const slots = new Int32Array(SLOTS);
  let known: Buffer[] = [];
  let texts: string[] = [];
  let codes: number[] = [];
  let generation = 0;
  let hasFaults = false;

  const learn = (bytes: Buffer, start: number, end: number, slot: number): number => {
    known.push(Buffer.from(bytes.subarray(start, end)));
    texts.push(bytes.toString('utf8', start, end));
    const code = isAbsent(bytes, start, end)
      ? 0
      : faultOf(bytes, start, end) === undefined
        ? texts.length
        : FAULTY;
    if (code === FAULTY) hasFaults = true;
    codes.push(code);
    slots[slot] = codes.length;
    return code;
  };
  return {
    get generation() {
      return generation;
    },
    get hasFaults() {
      return hasFaults;
    },
    text: (code) => (code > 0 ? texts[code - 1] : undefined),
    makeRoom(wanted) {
      if (texts.length + wanted <= MOST_TEXTS) return;
      slots.fill(0);
      known = [];
      texts = [];
      codes = [];
      hasFaults = false;
      generation++;
    },
    codeOf(bytes, start, end) {
      let hash = end - start;
      for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (bytes[at] as number)) | 0;
      let slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
      for (let entry = slots[slot] as number; entry !== 0; entry = slots[slot] as number) {
        if (isSame(known[entry - 1], bytes, start, end)) return codes[entry - 1] as number;
        slot = (slot + 1) & (SLOTS - 1);
      }
      return learn(bytes, start, end, slot);
    },
  };
}

function isSame(known: Buffer | undefined, bytes: Buffer, start: number, end: number): boolean {
  if (known === undefined || known.length !== end - start) return false;
  for (let at = 0; at < known.length; at++) if (known[at] !== bytes[start + at]) return false;
  return true;
}
