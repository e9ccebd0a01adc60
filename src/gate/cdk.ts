import { join } from 'node:path';
import { type Problem, problemOfFile, type SourceText } from '../model/problem.ts';
import { readInside } from './read-inside.ts';
import { shortFile } from './short-file.ts';

export interface ResourceOrigin {
  readonly address: string;
  readonly madeAt?: string;
}

/** A stack of a CDK assembly: its template, and which construct each resource comes from. */
export interface AssemblyStack {
  readonly source: SourceText;
  readonly origins: ReadonlyMap<string, ResourceOrigin>;
}

interface Manifest {
  readonly artifacts?: Record<string, Artifact>;
}

interface Artifact {
  readonly type?: string;
  readonly properties?: { readonly templateFile?: string; readonly directoryName?: string };
  readonly metadata?: Metadata;
  readonly additionalMetadataFile?: string;
}

type Metadata = Record<string, readonly { type?: string; data?: unknown; trace?: readonly string[] }[]>;

const MAX_DEPTH = 10;
const MAX_BYTES = 64 * 1024 * 1024;

/** Reads `manifest.json` and the assemblies inside (CDK cloud assembly schema, ArtifactType). */
export function readAssembly(folder: string): { stacks: AssemblyStack[]; problems: Problem[] } {
  const stacks: AssemblyStack[] = [];
  const problems: Problem[] = [];
  read(folder, 0);
  return { stacks, problems };

  function read(at: string, depth: number): void {
    const manifest = json<Manifest>(join(at, 'manifest.json'));
    for (const artifact of Object.values(manifest?.artifacts ?? {})) {
      const { templateFile, directoryName } = artifact.properties ?? {};
      if (artifact.type === 'aws:cloudformation:stack' && templateFile !== undefined) {
        const more = artifact.additionalMetadataFile;
        const metadata = {
          ...artifact.metadata,
          ...(more === undefined ? {} : json<Metadata>(join(at, more))),
        };
        addStack(join(at, templateFile), metadata);
      } else if (artifact.type === 'cdk:cloud-assembly' && directoryName !== undefined && depth < MAX_DEPTH) {
        read(join(at, directoryName), depth + 1);
      }
    }
  }

  function addStack(file: string, metadata: Metadata): void {
    const text = textOf(file);
    if (text !== undefined) stacks.push({ source: { file, text }, origins: originsOf(metadata) });
  }

  function json<T>(file: string): T | undefined {
    const text = textOf(file);
    if (text === undefined) return undefined;
    try {
      return JSON.parse(text) as T;
    } catch (error) {
      problems.push(problemOfFile(file, `cannot be read: ${(error as Error).message}`));
      return undefined;
    }
  }

  function textOf(file: string): string | undefined {
    const text = readInside([folder], file, MAX_BYTES);
    if (typeof text === 'string') return text;
    problems.push(problemOfFile(file, text.reason));
    return undefined;
  }
}

function originsOf(metadata: Metadata): Map<string, ResourceOrigin> {
  const origins = new Map<string, ResourceOrigin>();
  for (const [path, entries] of Object.entries(metadata)) {
    if (!Array.isArray(entries)) continue;
    for (const { type, data, trace } of entries) {
      if (type !== 'aws:cdk:logicalId' || typeof data !== 'string') continue;
      const madeAt = ownFrame(trace ?? []);
      const address = path.replace(/^\//, '').replace(/\/Resource$/, '');
      origins.set(data, madeAt === undefined ? { address } : { address, madeAt });
    }
  }
  return origins;
}

/** The first line of the trace that is not a library's: `lib/stack.ts:12:5`. */
function ownFrame(trace: readonly string[]): string | undefined {
  for (const line of trace) {
    if (typeof line !== 'string' || /node_modules|node:internal|\(internal\//.test(line)) continue;
    const [, place] = /\(?((?:file:\/\/)?[^()\s]+:\d+(?::\d+)?)\)?$/.exec(line.trim().slice(-1_000)) ?? [];
    if (place !== undefined) return shortFile(place.replace(/^file:\/\//, ''));
  }
  return undefined;
}
