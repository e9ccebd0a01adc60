/** Many texts looked for at once, in one pass over a text. */
export interface LiteralFinder {
  /** Calls back with each literal, by its place in the list, and where in the text it ends. */
  find(text: string, found: (literal: number, end: number) => void): void;
}

const ASCII = 128;

/**
 * An automaton after Aho and Corasick as a table of states × kinds of characters: a step is one
 * look-up. All characters that are in no literal are of one kind. Its size is 4 bytes for each
 * character of a literal times each different one. Empty literals are never found.
 */
export function literalFinder(literals: readonly string[]): LiteralFinder {
  const kinds = kindsOf(literals);
  const width = kinds.size + 1;
  const states = 1 + literals.reduce((sum, { length }) => sum + length, 0);
  const next = new Int32Array(states * width);
  const ends = trie(literals, kinds, width, next);
  const reports = connect(width, next, ends);
  const ascii = new Uint16Array(ASCII);
  for (const [code, kind] of kinds) if (code < ASCII) ascii[code] = kind;
  return {
    find(text, found) {
      let state = 0;
      for (let at = 0; at < text.length; at++) {
        const code = text.charCodeAt(at);
        const kind = code < ASCII ? (ascii[code] as number) : (kinds.get(code) ?? 0);
        state = next[state * width + kind] as number;
        let report = reports.first[state] as number;
        while (report !== 0) {
          for (const literal of ends.get(report) ?? []) found(literal, at + 1);
          report = reports.shorter[report] as number;
        }
      }
    },
  };
}

/** Characters by the column of the table that they have; column 0 is for all others. */
function kindsOf(literals: readonly string[]): Map<number, number> {
  const kinds = new Map<number, number>();
  for (const literal of literals) {
    for (let at = 0; at < literal.length; at++) {
      const code = literal.charCodeAt(at);
      if (!kinds.has(code)) kinds.set(code, kinds.size + 1);
    }
  }
  return kinds;
}

/** Enters the literals into the table; the literals that end in each state. */
function trie(
  literals: readonly string[],
  kinds: ReadonlyMap<number, number>,
  width: number,
  next: Int32Array,
): ReadonlyMap<number, readonly number[]> {
  const ends = new Map<number, number[]>();
  let last = 0;
  for (const [index, literal] of literals.entries()) {
    let state = 0;
    for (let at = 0; at < literal.length; at++) {
      const cell = state * width + (kinds.get(literal.charCodeAt(at)) ?? 0);
      if (next[cell] === 0) next[cell] = ++last;
      state = next[cell] as number;
    }
    if (state === 0) continue;
    const ending = ends.get(state);
    if (ending === undefined) ends.set(state, [index]);
    else ending.push(index);
  }
  return ends;
}

/**
 * Fills the table, breadth first, so that no step has to go back. Each state gets the first of the
 * states whose literals end with it, itself or one for a shorter text, and each of those the one
 * after it; 0 is none.
 */
function connect(
  width: number,
  next: Int32Array,
  ends: ReadonlyMap<number, readonly number[]>,
): { readonly first: Int32Array; readonly shorter: Int32Array } {
  const fail = new Int32Array(next.length / width);
  const first = new Int32Array(fail.length);
  const shorter = new Int32Array(fail.length);
  const queue: number[] = [0];
  for (let at = 0; at < queue.length; at++) {
    const state = queue[at] as number;
    const back = fail[state] as number;
    shorter[state] = state === 0 ? 0 : (first[back] as number);
    first[state] = ends.has(state) ? state : (shorter[state] as number);
    for (let kind = 1; kind < width; kind++) {
      const cell = state * width + kind;
      const child = next[cell] as number;
      const beside = state === 0 ? 0 : (next[back * width + kind] as number);
      if (child === 0) next[cell] = beside;
      else {
        fail[child] = beside;
        queue.push(child);
      }
    }
  }
  return { first, shorter };
}
