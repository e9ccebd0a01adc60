import { enableConfig } from './enable-config.ts';
import { enableGuardDuty } from './enable-guardduty.ts';
import { recreateFlowLog } from './recreate-flow-log.ts';
import { startLogging } from './start-logging.ts';

export const TRAIL_ACTIONS = [startLogging, recreateFlowLog, enableGuardDuty, enableConfig];
