import { INVERSES } from './inverse-of.ts';

/** IAM actions that taking back any change may need. */
export const BACK_PERMISSIONS: readonly string[] = [
  ...new Set([
    'cloudformation:GetResource',
    'cloudformation:UpdateResource',
    ...INVERSES.flatMap(({ permissions }) => permissions),
  ]),
].sort();
