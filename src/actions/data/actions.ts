import { cancelKeyDeletion } from './cancel-key-deletion.ts';
import { rotateSecret } from './rotate-secret.ts';

export const DATA_ACTIONS = [cancelKeyDeletion, rotateSecret];
