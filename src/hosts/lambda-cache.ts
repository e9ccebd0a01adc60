import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';

const PACKAGED = fileURLToPath(new URL('../../cache', import.meta.url));

/**
 * On Lambda there is no home folder: parsed policies are read from the folder `cache` of the package, or
 * kept for the next cold start of the same environment. Elsewhere the user's own cache is used.
 */
export function usePackagedCache(): void {
  if (process.env.AWS_LAMBDA_FUNCTION_NAME === undefined) return;
  process.env.XDG_CACHE_HOME ??= existsSync(PACKAGED) ? PACKAGED : tmpdir();
}
