import { AwsError } from '../aws-error.ts';

interface PageInput {
  readonly Marker?: string | undefined;
  readonly MaxItems?: number | undefined;
  readonly PathPrefix?: string | undefined;
}

const DEFAULT_PAGE = 100;
const LONGEST_PAGE = 1_000;

/** One page of a list, in the order of names; the marker is the place of the next one. */
export function page<T>(
  items: Iterable<T>,
  { Marker, MaxItems = DEFAULT_PAGE }: PageInput,
): { readonly items: T[]; readonly IsTruncated: boolean; readonly Marker?: string } {
  const start = Marker === undefined ? 0 : Number(Buffer.from(Marker, 'base64').toString());
  if (!Number.isInteger(start) || start < 0) throw new AwsError('ValidationError', 'Invalid Marker.');
  if (MaxItems < 1 || MaxItems > LONGEST_PAGE)
    throw new AwsError(
      'ValidationError',
      `1 validation error detected: Value '${MaxItems}' at 'maxItems' failed to satisfy constraint: Member must have value less than or equal to ${LONGEST_PAGE}`,
    );
  const all = [...items];
  const end = start + MaxItems;
  return {
    items: all.slice(start, end),
    IsTruncated: end < all.length,
    ...(end < all.length ? { Marker: Buffer.from(String(end)).toString('base64') } : {}),
  };
}

/** What has a name and a path, below a path, in the order of names. */
export function below<T extends { readonly name: string; readonly path: string }>(
  items: Iterable<T>,
  { PathPrefix = '/' }: PageInput,
): T[] {
  return [...items]
    .filter(({ path }) => path.startsWith(PathPrefix))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
