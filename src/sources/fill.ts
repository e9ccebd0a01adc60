import { closeSync, openSync, readSync } from 'node:fs';
import { createGunzip } from 'node:zlib';
import type { Pieces } from './content.ts';
import { gzipFault, type Inflater, inflater } from './inflate.ts';

/** Where the uncompressed bytes of a content come from. */
export interface Fill {
  /** Writes what comes next into `out` from a place on, to its end where there is so much; 0 bytes at the end. */
  fill(out: Buffer, from: number): Promise<Filled>;
  /** Bytes of the source, compressed or not, that have been used. */
  readonly bytesRead: number;
  close(): Promise<void>;
}

interface Filled {
  readonly written: number;
  /** Why nothing can be read behind what was written. */
  readonly fault?: string | undefined;
}

const PIECE = 64 * 1024;

/** Gzip is known by the first two bytes of a content, not by its name. */
export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

export function fileFill(path: string, piece = PIECE): Fill {
  return piecesFill(filePieces(path, piece));
}

/** One buffer for all pieces: each is used up before the next is asked for. */
function* filePieces(path: string, size: number): Generator<Uint8Array> {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.allocUnsafeSlow(size);
    const next = (): number => readSync(file, buffer, 0, size, null);
    for (let read = next(); read > 0; read = next()) {
      yield buffer.subarray(0, read);
    }
  } finally {
    closeSync(file);
  }
}

/** `makeInflater` answers nothing where this Node's zlib is not as it is known. */
export function piecesFill(pieces: Pieces, makeInflater = inflater): Fill {
  const input = inputOf(pieces);
  let fill: Fill['fill'] | undefined;
  return {
    async fill(out, from) {
      try {
        fill ??= await kindOfFill(input, makeInflater);
        return await fill(out, from);
      } catch (error) {
        return { written: 0, fault: faultOf(error) };
      }
    },
    get bytesRead() {
      return input.used();
    },
    close: () => input.close(),
  };
}

/** The pieces of a source, one after the other. */
interface Input {
  /** Nothing at the end. */
  next(): Promise<Uint8Array | undefined>;
  used(): number;
  close(): Promise<void>;
}

function inputOf(pieces: Pieces): Input {
  const iterator: AsyncIterator<Uint8Array> | Iterator<Uint8Array> =
    Symbol.asyncIterator in pieces ? pieces[Symbol.asyncIterator]() : pieces[Symbol.iterator]();
  let used = 0;
  return {
    async next() {
      for (;;) {
        const result = await iterator.next();
        if (result.done === true) return undefined;
        used += result.value.length;
        if (result.value.length > 0) return result.value;
      }
    },
    used: () => used,
    async close() {
      await iterator.return?.(undefined);
    },
  };
}

/** The first bytes say whether the source is compressed. */
async function kindOfFill(input: Input, makeInflater: typeof inflater): Promise<Fill['fill']> {
  let head = Buffer.alloc(0);
  while (head.length < 2) {
    const piece = await input.next();
    if (piece === undefined) break;
    head = Buffer.concat([head, piece]);
  }
  if (!isGzip(head)) return copying(input, head);
  const gunzip = makeInflater();
  return gunzip === undefined ? streaming(input, head) : inflating(input, head, gunzip);
}

function copying(input: Input, first: Uint8Array): Fill['fill'] {
  let piece: Uint8Array | undefined = first;
  let at = 0;
  return async (out, from) => {
    if (piece !== undefined && at === piece.length) {
      piece = await input.next();
      at = 0;
    }
    if (piece === undefined) return { written: 0 };
    const written = Math.min(piece.length - at, out.length - from);
    out.set(piece.subarray(at, at + written), from);
    at += written;
    return { written };
  };
}

function inflating(input: Input, first: Uint8Array, gunzip: Inflater): Fill['fill'] {
  gunzip.push(first);
  let ended = false;
  return async (out, from) => {
    let at = from;
    while (!ended && at < out.length) {
      const written = gunzip.read(out, at, out.length);
      at += written;
      if (written > 0) continue;
      const piece = gunzip.fault === undefined ? await input.next() : undefined;
      if (piece !== undefined) gunzip.push(piece);
      else {
        ended = true;
        if (gunzip.fault === undefined) gunzip.finish();
        gunzip.close();
      }
    }
    return { written: at - from, fault: ended ? gunzip.fault : undefined };
  };
}

/** For a Node whose zlib is not as {@link inflater} knows it. */
function streaming(input: Input, first: Uint8Array): Fill['fill'] {
  const gunzip = createGunzip({ chunkSize: 4 * PIECE });
  const feed = async (): Promise<void> => {
    for (let piece: Uint8Array | undefined = first; piece !== undefined; piece = await input.next()) {
      // The piece may be written over once the next one is asked for.
      await new Promise<void>((resolve) => gunzip.write(Buffer.from(piece), () => resolve()));
    }
    gunzip.end();
  };
  feed().catch((error) => gunzip.destroy(error as Error));
  return copying(inputOf(gunzip), new Uint8Array(0));
}

function faultOf(error: unknown): string {
  const code = (error as { code?: string }).code;
  if (code?.startsWith('Z_')) return gzipFault(code);
  return `cannot be read: ${code ?? (error as Error).message}`;
}
