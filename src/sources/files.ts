import { globSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { bad } from '../formats/decoder.ts';
import type { DecodeOptions } from '../formats/detected.ts';
import { isParquet } from '../formats/parquet/random-access.ts';
import { decodedStretch, type Stretch } from '../formats/stretch.ts';
import type { Position } from '../store/store.ts';
import { type Content, type ContentSizes, fileContent, type Pieces, piecesContent } from './content.ts';
import { continues, fingerprintOf, headOf } from './fingerprint.ts';
import { partsOf } from './read.ts';

/** Part of a content and the place behind it. Valid until the next one is asked for. */
export interface Chunk {
  readonly stretch: Stretch;
  readonly position: Position;
}

/** The files that a pattern means: a file, a folder with all in it, or a glob. Sorted. */
export function filesOf(pattern: string): string[] {
  const found = statSync(pattern, { throwIfNoEntry: false });
  if (found?.isFile()) return [pattern];
  if (found?.isDirectory()) {
    return globSync('**/*', { cwd: pattern, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.') && !entry.name.endsWith('.partial'))
      .map((entry) => join(pattern, relative(pattern, join(entry.parentPath, entry.name))))
      .sort();
  }
  return globSync(pattern, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

export interface ReadOptions extends DecodeOptions, ContentSizes {
  /** Where an earlier read stopped. */
  readonly position?: Position | undefined;
  /** False while a writer may be at the file: its last, unfinished line and a cut gzip are left for later. */
  readonly final: boolean;
  /** Hears how many bytes of the file, as it is on the disk, have been read. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

/** Reads a file from a position on, in chunks; a fault of the bytes is the last chunk's bad record. */
export async function* readFile(path: string, options: ReadOptions): AsyncGenerator<Chunk> {
  const { position, onProgress } = options;
  const head = await headOf(path);
  const from = position !== undefined && continues(path, head, position) ? position : undefined;
  if (isParquet(head)) {
    // Loaded only where it is used.
    const { readParquetFile } = await import('./parquet.ts');
    yield* readParquetFile(path, { ...options, from, fingerprint: fingerprintOf(head) });
    return;
  }
  const content = fileContent(path, options);
  const chunks = chunksOf(content, path, { ...options, from, fingerprint: fingerprintOf(head) });
  try {
    for await (const chunk of chunks) {
      onProgress?.(content.bytesRead);
      yield chunk;
    }
  } finally {
    await content.close();
  }
}

export interface StreamOptions extends DecodeOptions, ContentSizes {
  /** Where an earlier read of the same content stopped. */
  readonly position?: Position | undefined;
  readonly fingerprint?: string | undefined;
  /** Hears why the content ends early; without it that is the last chunk's bad record. */
  readonly onBroken?: ((reason: string) => void) | undefined;
}

/** Reads a stream to its end. */
export async function* readStream(
  pieces: Pieces,
  name: string,
  options: StreamOptions = {},
): AsyncGenerator<Chunk> {
  const { position: from, fingerprint = '' } = options;
  const content = piecesContent(pieces, options);
  try {
    yield* chunksOf(content, name, { ...options, from, fingerprint, final: true });
  } finally {
    await content.close();
  }
}

interface ChunkOptions extends DecodeOptions {
  readonly fingerprint: string;
  readonly from: Position | undefined;
  readonly final: boolean;
  readonly onBroken?: ((reason: string) => void) | undefined;
}

async function* chunksOf(content: Content, source: string, options: ChunkOptions): AsyncGenerator<Chunk> {
  const { fingerprint, final } = options;
  const from = options.from ?? { offset: 0, lines: 0 };
  let position: Position = { source, fingerprint, offset: from.offset, lines: from.lines };
  for await (const { stretch, offset, lines } of partsOf(content, { ...options, source, from })) {
    position = { ...position, offset, lines };
    yield { stretch, position };
  }
  const { broken } = content;
  if (broken !== undefined && options.onBroken !== undefined) options.onBroken(broken.reason);
  else if (broken !== undefined && final) {
    const origin = { source, offset: broken.offset, line: position.lines + 1 };
    yield { stretch: decodedStretch([bad('', broken.reason, origin)]), position };
  }
}
