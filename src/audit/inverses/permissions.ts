import { READ_PERMISSIONS } from '../../aws/resources/permissions.ts';
import { INVERSES } from './inverse-of.ts';

/** IAM actions that taking back any change may need; each line says its own, and its test holds it to its calls. */
export const BACK_PERMISSIONS: readonly string[] = [
  ...new Set([
    ...READ_PERMISSIONS,
    'cloudformation:UpdateResource',
    ...INVERSES.flatMap(({ permissions }) => permissions),
  ]),
].sort();
