import type { EvidenceServices } from '../actions/action.ts';
import type { AwsClients } from '../aws/clients.ts';
import { describeAwsError } from '../aws/errors.ts';
import type { Config } from '../config/config.ts';
import type { Signer } from '../evidence/signing.ts';
import type { Store } from '../store/store.ts';
import { type EvidenceKeeper, evidenceKeeper, vaultOf } from './evidence-keeper.ts';
import { openSigningKey } from './signing-key.ts';
import { surroundingsOf } from './surroundings.ts';

/** What a person should hear of the evidence. */
export type EvidenceNotice =
  | { readonly kind: 'key-made'; readonly publicKeyFile: string }
  | { readonly kind: 'trouble'; readonly reason: string };

export interface EvidenceWorld {
  readonly store: Store;
  readonly aws: AwsClients;
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly onNotice: (notice: EvidenceNotice) => void;
}

/** The evidence of a watch: what the actions need for it, and what is done beside them. */
export interface Evidence {
  readonly services: EvidenceServices;
  /** Before anything is sealed. Throws when the key cannot be used. */
  open(): Promise<void>;
  /** Closes ended cases and signs the ledger beside the watch; throws what an earlier look threw. */
  look(): void;
  /** Resolves when everything that has ended is closed, and the ledger is signed. */
  finish(): Promise<void>;
}

export function watchedEvidence(config: Config, world: EvidenceWorld): Evidence {
  const { store, aws, onNotice } = world;
  const vault = vaultOf(config);
  let signer: Signer | undefined;
  let keeper: EvidenceKeeper | undefined;
  let looking: Promise<void> | undefined;
  let failure: unknown;
  const throwFailure = (): void => {
    const thrown = failure;
    failure = undefined;
    if (thrown !== undefined) throw thrown;
  };
  return {
    services: {
      get signer() {
        if (signer === undefined) throw new Error('nothing can be sealed before the key is open');
        return signer;
      },
      ...(vault === undefined ? {} : { vault }),
      around: (incident) => surroundingsOf(incident, store, config),
    },
    async open() {
      try {
        const key = await openSigningKey(config, aws);
        signer = key.signer;
        if (key.created) onNotice({ kind: 'key-made', publicKeyFile: key.publicKeyFile });
      } catch (error) {
        throw new Error(`the key that signs the evidence cannot be used: ${describeAwsError(error)}`);
      }
      const onTrouble = (reason: string): void => onNotice({ kind: 'trouble', reason });
      keeper = evidenceKeeper(config, { ...world, signer, onTrouble });
    },
    look() {
      throwFailure();
      looking ??= keeper
        ?.look()
        .catch((error: unknown) => {
          failure = error;
        })
        .finally(() => {
          looking = undefined;
        });
    },
    async finish() {
      await looking;
      throwFailure();
      await keeper?.finish();
    },
  };
}
