import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds `rules`, `playbooks` and `lists`: the package's own. */
export const BOX = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
