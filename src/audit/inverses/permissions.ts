export const BACK_PERMISSIONS: readonly string[] = [];
