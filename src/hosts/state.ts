import { join, resolve } from 'node:path';
import type { Config } from '../config/config.ts';

/** Where a watch keeps what it must not forget. */
export function stateFolder(config: Config): string {
  return resolve(config.base, config.state);
}

export function casesFolder(config: Config): string {
  return join(stateFolder(config), 'cases');
}

/** Where messages of queues are kept that nobody can deal with. */
export function setAsideFolder(config: Config): string {
  return join(stateFolder(config), 'poison');
}

/** The key that signs, and the public halves of all that ever did. */
export function keysFolder(config: Config): string {
  return join(stateFolder(config), 'keys');
}

/** The signed states of the ledger, and their time stamps. */
export function checkpointsFolder(config: Config): string {
  return join(stateFolder(config), 'checkpoints');
}
