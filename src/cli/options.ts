import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Config } from '../config/config.ts';
import { parseCloudfrontFields } from '../formats/cloudfront/realtime.ts';
import { parseLogFormat } from '../formats/vpc-flow/fields.ts';
import type { Problem, Result } from '../model/problem.ts';
import { renderProblem } from '../model/problem.ts';
import type { Store } from '../store/store.ts';
import { EXIT } from './exit.ts';
import { complain, printJson } from './terminal.ts';

/** What every command understands. */
export interface CommonOptions {
  readonly json?: true;
  readonly config?: string;
  readonly state?: string;
}

export const jsonOption = (): Option => new Option('--json', 'print JSON, one value a line, for machines');
export const configOption = (): Option =>
  new Option('-c, --config <file>', 'configuration file (default: cordon.yaml, where there is one)');
const stateOption = (): Option =>
  new Option('--state <folder>', 'folder of the state (default: what the configuration says, .cordon)');

/** The options of every command that looks at what a watch has stored. */
export function storeOptions(command: Command): Command {
  return command.addOption(configOption()).addOption(stateOption()).addOption(jsonOption());
}

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: AWS writes the names of columns so
export const logFormatOption = (): Option =>
  new Option(
    '--log-format <format>',
    "columns of flow logs without a header line, as CreateFlowLogs takes them: '${version} ${srcaddr} …'",
  ).argParser((text) => {
    const names = parseLogFormat(text);
    if (names === undefined)
      throw new InvalidArgumentError("It looks like '${version} ${srcaddr} ${dstaddr}'.");
    return names;
  });
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: as above

export const cloudfrontFieldsOption = (): Option =>
  new Option(
    '--cloudfront-fields <names>',
    'fields of CloudFront real-time log records, in the order of their configuration, separated by commas',
  ).argParser((text) => {
    const names = parseCloudfrontFields(text);
    if (names === undefined) throw new InvalidArgumentError('It looks like timestamp,c-ip,sc-status,…');
    return names;
  });

/** Ends a command with a sentence and an exit code; nothing is wrong with Cordon itself. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** The value, or every problem on standard error and exit code 2. */
export function valueOrExit<T>(result: Result<T>, { json }: CommonOptions): T {
  if (result.ok) return result.value;
  reportProblems(result.problems, json === true);
  throw new CommandError('', EXIT.badInput);
}

export function reportProblems(problems: readonly Problem[], json: boolean): void {
  if (json) printJson({ problems });
  else complain(problems.map(renderProblem).join('\n\n'));
}

export async function configFromOptions(options: CommonOptions): Promise<Config> {
  const { loadConfig } = await import('../config/config.ts');
  const config = valueOrExit(loadConfig(options.config), options);
  return options.state === undefined ? config : { ...config, base: process.cwd(), state: options.state };
}

/** Opens the store that a watch has written, for a command that looks at it. */
export async function withStore<T>(
  options: CommonOptions,
  work: (store: Store, config: Config) => Promise<T>,
): Promise<T> {
  const config = await configFromOptions(options);
  const { stateFolder } = await import('../hosts/state.ts');
  const { hasSqliteStore, openSqliteStore } = await import('../store/sqlite.ts');
  const folder = stateFolder(config);
  if (!hasSqliteStore(folder)) {
    throw new CommandError(
      `nothing is stored in ${folder} yet: run "cordon watch", or name another folder with --state`,
      EXIT.badInput,
    );
  }
  const store = openSqliteStore(folder);
  try {
    return await work(store, config);
  } finally {
    await store.close();
  }
}
