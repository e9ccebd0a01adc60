import type { CloudFormation } from '@aws-sdk/client-cloudformation';
import type { Judging } from '../enforce/judgement.ts';
import type { Progress } from './events.ts';
import type { DoorSettings } from './settings.ts';
import type { S3 } from './template-text.ts';

/** What a deployment works with. */
export interface Door {
  readonly settings: DoorSettings;
  readonly judging: Judging;
  readonly cloudformation: CloudFormation;
  readonly s3: S3;
  readonly region: string;
  readonly account: string | undefined;
  /** Milliseconds between two looks. */
  readonly poll: number;
  /** Hears of every event once. */
  readonly onProgress?: (event: Progress) => void;
}
