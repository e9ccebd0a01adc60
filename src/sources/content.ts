import { type Fill, fileFill, piecesFill } from './fill.ts';

/** What ended a content early: everything before it has been read. */
export interface BrokenContent {
  /** Bytes of the uncompressed content. */
  readonly offset: number;
  readonly reason: string;
}

/**
 * A window that moves over an uncompressed content. Its bytes from `start` to `end` are there; a
 * reader moves `start` behind what it has used and asks for more, which may move the rest to the
 * front of the buffer: no byte is copied twice and no buffer is made for a piece.
 */
export interface Content {
  readonly bytes: Buffer;
  start: number;
  readonly end: number;
  /** Where `bytes[start]` stands in the uncompressed content. */
  readonly offset: number;
  /** Set when the content ended because its bytes are damaged, cut or cannot be read. */
  readonly broken: BrokenContent | undefined;
  /** Bytes of the source, as it is on the disk or on the wire, that have been used. */
  readonly bytesRead: number;
  /** Reads on; answers false when nothing came because the content has ended. */
  more(): Promise<boolean>;
  close(): Promise<void>;
}

/** Pieces of a source in their order; a piece may be written over once the next one is asked for. */
export type Pieces = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

export interface ContentSizes {
  /** Bytes of the window; it grows when a reader can use nothing of it. */
  readonly window?: number | undefined;
  /** Bytes that are read from a file at once. */
  readonly piece?: number | undefined;
}

const WINDOW = 256 * 1024;

/** The content of a file, uncompressed where it is gzip. */
export function fileContent(path: string, sizes: ContentSizes = {}): Content {
  return contentOf(fileFill(path, sizes.piece), sizes);
}

/** A content that comes in pieces: a stream, an object of S3, a message. */
export function piecesContent(pieces: Pieces, sizes: ContentSizes = {}): Content {
  return contentOf(piecesFill(pieces), sizes);
}

function contentOf(source: Fill, { window = WINDOW }: ContentSizes): Content {
  let bytes = Buffer.allocUnsafeSlow(window);
  let start = 0;
  let end = 0;
  let before = 0;
  let ended = false;
  let broken: BrokenContent | undefined;

  const makeRoom = (): void => {
    const kept = end - start;
    const target = kept > bytes.length / 2 ? Buffer.allocUnsafeSlow(bytes.length * 2) : bytes;
    bytes.copy(target, 0, start, end);
    before += start;
    bytes = target;
    start = 0;
    end = kept;
  };
  return {
    get bytes() {
      return bytes;
    },
    get start() {
      return start;
    },
    set start(at) {
      start = at;
    },
    get end() {
      return end;
    },
    get offset() {
      return before + start;
    },
    get broken() {
      return broken;
    },
    get bytesRead() {
      return source.bytesRead;
    },
    async more() {
      if (ended) return false;
      makeRoom();
      const { written, fault } = await source.fill(bytes, end);
      end += written;
      ended = written === 0 || fault !== undefined;
      if (fault !== undefined) broken = { offset: before + end, reason: fault };
      return written > 0;
    },
    close: () => source.close(),
  };
}
