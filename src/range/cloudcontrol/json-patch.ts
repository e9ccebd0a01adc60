import { AwsError } from '../aws-error.ts';

interface PatchOperation {
  readonly op?: unknown;
  readonly path?: unknown;
  readonly from?: unknown;
  readonly value?: unknown;
}

type Container = Record<string, unknown> | unknown[];

/**
 * A document with a patch applied; the document itself stays as it is. AWS also takes a path without its
 * first slash. Sources: RFC 6902, "Operations", and AWS Cloud Control API User Guide, "Updating a
 * resource".
 */
export function patched(document: unknown, patch: string): Record<string, unknown> {
  const root = { '': structuredClone(document) };
  for (const operation of operationsOf(patch)) apply(root, operation);
  return root[''] as Record<string, unknown>;
}

function operationsOf(patch: string): PatchOperation[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(patch);
  } catch {
    throw badPatch('the patch document is not JSON');
  }
  if (!Array.isArray(parsed) || !parsed.every((one) => typeof one === 'object' && one !== null))
    throw badPatch('the patch document is not a list of operations');
  return parsed as PatchOperation[];
}

function apply(root: Container, { op, path, from, value }: PatchOperation): void {
  const at = pointer(path);
  switch (op) {
    case 'add':
      add(root, at, value);
      break;
    case 'replace':
      remove(root, at);
      add(root, at, value);
      break;
    case 'remove':
      remove(root, at);
      break;
    case 'move': {
      const source = pointer(from);
      if (at.length > source.length && source.every((part, index) => part === at[index]))
        throw badPatch('a value cannot be moved into itself');
      add(root, at, remove(root, source));
      break;
    }
    case 'copy':
      add(root, at, structuredClone(get(root, pointer(from))));
      break;
    case 'test':
      if (canonical(get(root, at)) !== canonical(value)) throw badPatch(`the test of ${path} failed`);
      break;
    default:
      throw badPatch(`unknown operation ${String(op)}`);
  }
}

/** The root is a member of what it is kept in, so that it can be replaced too. */
function pointer(path: unknown): string[] {
  if (typeof path !== 'string') throw badPatch('an operation has no path');
  if (path === '') return [''];
  const parts = path.replace(/^\//, '').split('/');
  return ['', ...parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))];
}

function get(root: Container, path: readonly string[]): unknown {
  let value: unknown = root;
  for (const part of path) {
    if (!isContainer(value) || !Object.hasOwn(value, keyIn(value, part)))
      throw badPatch(`there is no value at ${shown(path)}`);
    value = (value as Record<string, unknown>)[keyIn(value, part)];
  }
  return value;
}

function add(root: Container, path: readonly string[], value: unknown): void {
  const parent = get(root, path.slice(0, -1));
  const last = path.at(-1) ?? '';
  if (Array.isArray(parent)) {
    const index = last === '-' ? parent.length : Number(keyIn(parent, last));
    if (index > parent.length) throw badPatch(`there is no place ${shown(path)}`);
    parent.splice(index, 0, value);
  } else if (isContainer(parent)) set(parent as Record<string, unknown>, last, value);
  else throw badPatch(`there is no place ${shown(path)}`);
}

function remove(root: Container, path: readonly string[]): unknown {
  const removed = get(root, path);
  const parent = get(root, path.slice(0, -1)) as Container;
  const last = path.at(-1) ?? '';
  if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete parent[last];
  return removed;
}

function set(parent: Record<string, unknown>, key: string, value: unknown): void {
  // An own member whatever its name, also `__proto__`.
  Object.defineProperty(parent, key, { value, enumerable: true, configurable: true, writable: true });
}

function keyIn(container: Container, part: string): string {
  if (Array.isArray(container) && !/^(0|[1-9]\d*)$/.test(part)) throw badPatch(`${part} is no index`);
  return part;
}

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null;
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    isContainer(item) && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

function shown(path: readonly string[]): string {
  return path.join('/');
}

function badPatch(reason: string): AwsError {
  return new AwsError('InvalidRequestException', `Invalid patch document: ${reason}.`);
}
