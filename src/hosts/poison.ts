import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { awsErrorCode } from '../aws/errors.ts';
import type { Queue } from '../aws/queue.ts';
import { writeDurably } from '../evidence/durable.ts';
import { TryLater } from './remote.ts';

/** Why a message was set aside. Times are milliseconds since the epoch. */
export interface PoisonNote {
  readonly messageId: string;
  /** The URL of the queue that it came from. */
  readonly source: string;
  readonly reason: string;
  readonly at: number;
  readonly sentAt: number;
  readonly receiveCount: number;
}

/** Where messages go that nobody can deal with. Setting one aside twice is the same as once. */
export type PutAside = (note: PoisonNote, body: string) => Promise<void>;

/** A queue that is filled with rubbish must not fill the disk: what comes then stays in the queue. */
const LIMIT = 10_000;
const NOTE = '.json';
const MESSAGE = '.message';

/** A folder with two files a message: the message as it came, and a note. */
export function poisonFolder(folder: string): PutAside {
  return async (note, body) => {
    const name = note.messageId.replace(/[^\w-]/g, '_');
    const path = join(folder, name);
    if (!existsSync(path + NOTE) && notesIn(folder).length >= LIMIT)
      throw new TryLater(`${folder} holds ${LIMIT} messages: look at them and delete them`);
    writeDurably(path + MESSAGE, body);
    writeDurably(path + NOTE, `${JSON.stringify(note, null, 2)}\n`);
  };
}

/**
 * Another queue; the reason travels as attributes of the message. A message that is too long with them
 * is put aside otherwise.
 */
export function poisonQueue(queue: Queue, otherwise: PutAside): PutAside {
  return async (note, body) => {
    const { messageId, source, reason, receiveCount } = note;
    const attributes = {
      'cordon-message-id': messageId,
      'cordon-source': source,
      'cordon-reason': reason,
      'cordon-receive-count': String(receiveCount),
    };
    try {
      await queue.send(body, attributes);
    } catch (error) {
      if (awsErrorCode(error) !== 'InvalidParameterValue') throw error;
      await otherwise(note, body);
    }
  };
}

/** The messages in a folder, the oldest first. A note that somebody has broken is left out. */
export function poisonedMessages(folder: string): (PoisonNote & { readonly file: string })[] {
  return notesIn(folder)
    .flatMap((name) => {
      try {
        const note = JSON.parse(readFileSync(join(folder, name), 'utf8')) as PoisonNote;
        return [{ ...note, file: join(folder, name.slice(0, -NOTE.length) + MESSAGE) }];
      } catch {
        return [];
      }
    })
    .sort((a, b) => a.at - b.at);
}

function notesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(NOTE)) : [];
}
