import { readFileSync, realpathSync, statSync } from 'node:fs';
import { sep } from 'node:path';

/**
 * The text of a file that a template or a manifest names. Whoever wrote that is not to make Cordon
 * read, and show, files outside of the folders that it was pointed at, nor wait for a pipe.
 */
export function readInside(
  folders: readonly string[],
  file: string,
  maxBytes: number,
): string | { readonly reason: string } {
  try {
    const real = realpathSync(file);
    const inside = folders.some((folder) =>
      real.startsWith(`${realpathSync(folder).replace(/[\\/]$/, '')}${sep}`),
    );
    if (!inside) return { reason: 'lies outside of this folder' };
    const stats = statSync(real);
    if (!stats.isFile()) return { reason: 'is no file' };
    if (stats.size > maxBytes) return { reason: 'is too large' };
    return readFileSync(real, 'utf8');
  } catch {
    return { reason: 'is not there' };
  }
}
