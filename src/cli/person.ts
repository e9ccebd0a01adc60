import { userInfo } from 'node:os';
import { type Command, Option } from 'commander';
import type { Config } from '../config/config.ts';
import type { Person } from '../respond/person.ts';

/** How a person says who they are and why. */
export interface PersonOptions {
  readonly by: string;
  readonly asAws?: true;
  readonly reason: string;
}

export function personOptions(command: Command): Command {
  return whoOptions(command.requiredOption('--reason <text>', WHY));
}

export const WHY = 'why; it goes into the ledger';

/** Who a person is, of a command that may do without a reason. */
export function whoOptions(command: Command): Command {
  return command
    .option('--by <name>', 'who decides', userInfo().username)
    .addOption(
      new Option('--as-aws', 'decide as whose AWS credentials these are, as STS says').conflicts('by'),
    );
}

/** Who decides. With `--as-aws` it is who AWS says: a name that nobody can merely claim. */
export async function personOf(
  { by, asAws }: Omit<PersonOptions, 'reason'>,
  config: Config,
): Promise<Person> {
  const osUser = userInfo().username;
  if (!asAws) return { by, osUser };
  const { awsClients } = await import('../aws/clients.ts');
  const { callerArn } = await import('../respond/person.ts');
  const aws = awsClients(config.aws);
  try {
    return { by: await callerArn(aws), osUser };
  } finally {
    aws.close();
  }
}
