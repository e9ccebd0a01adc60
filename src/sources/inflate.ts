import { constants, createGunzip, type Gunzip } from 'node:zlib';

/** Uncompresses gzip piece by piece into buffers that the caller has, so that none is made. */
export interface Inflater {
  /** Gives the next compressed bytes; the ones before must be used up. They must stay as they are until then. */
  push(input: Uint8Array): void;
  /** Uncompresses into `out` from `start` to `end`; answers how many bytes it wrote, 0 when it needs more input. */
  read(out: Uint8Array, start: number, end: number): number;
  /** Says that no input follows: a content that is not whole has a fault then. */
  finish(): void;
  /** Why nothing more can be read. */
  readonly fault: string | undefined;
  close(): void;
}

/**
 * What of Node's zlib binding is used. It is not documented, but it is what `gunzipSync` itself is
 * made of; streams make a new buffer for every piece and cost half as much again.
 */
interface ZlibHandle {
  writeSync(
    flush: number,
    input: Uint8Array,
    inputStart: number,
    inputLength: number,
    out: Uint8Array,
    outStart: number,
    outLength: number,
  ): void;
  onerror: (message: string, errno: number, code: string) => void;
}

interface ZlibInternals {
  readonly _handle?: ZlibHandle;
  /** After a write: the room left in the output, the bytes left of the input. */
  readonly _writeState?: Uint32Array;
}

const NOTHING = new Uint8Array(0);

/** Nothing where this Node's zlib is not as it is known: its streams serve then. */
export function inflater(): Inflater | undefined {
  const gunzip: Gunzip & ZlibInternals = createGunzip();
  const { _handle: handle, _writeState: state } = gunzip;
  if (typeof handle?.writeSync !== 'function' || !(state instanceof Uint32Array)) {
    gunzip.destroy();
    return undefined;
  }
  let input: Uint8Array = NOTHING;
  let at = 0;
  let fault: string | undefined;
  let full = false;
  handle.onerror = (_message, _errno, code) => {
    fault = gzipFault(code);
  };
  const write = (flush: number, out: Uint8Array, start: number, end: number): number => {
    handle.writeSync(flush, input, at, input.length - at, out, start, end - start);
    if (fault !== undefined) return 0;
    const [room = 0, left = 0] = state;
    at = input.length - left;
    full = room === 0;
    return end - room - start;
  };
  return {
    push(next) {
      input = next;
      at = 0;
    },
    read(out, start, end) {
      // An output that was filled to the brim may have more behind it, also without input.
      if (fault !== undefined || (at === input.length && !full)) return 0;
      return write(constants.Z_NO_FLUSH, out, start, end);
    },
    finish() {
      input = NOTHING;
      at = 0;
      write(constants.Z_FINISH, Buffer.allocUnsafe(1), 0, 1);
    },
    get fault() {
      return fault;
    },
    close() {
      gunzip.destroy();
    },
  };
}

/** What a code of zlib says to a person. */
export function gzipFault(code: string): string {
  return code === 'Z_BUF_ERROR' ? 'gzip ends in the middle' : 'gzip is damaged';
}
