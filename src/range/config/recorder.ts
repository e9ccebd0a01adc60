import type { ConfigurationRecorder, DeliveryChannel } from '@aws-sdk/client-config-service';
import { accountState } from '../account-state.ts';

/** AWS Config of one account and region: at most one recorder and one delivery channel. */
export interface ConfigState {
  recorder: SimulatedRecorder | undefined;
  channel: DeliveryChannel | undefined;
}

export interface SimulatedRecorder {
  configuration: ConfigurationRecorder & { readonly name: string };
  recording: boolean;
  startedAt: number | undefined;
  stoppedAt: number | undefined;
  changedAt: number | undefined;
}

export const configOf = accountState<ConfigState>(() => ({ recorder: undefined, channel: undefined }));
