import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import type { DoorAnswer } from '../../gate/door/answer.ts';
import type { Progress } from '../../gate/door/events.ts';
import type { LockdownPolicy } from '../../gate/door/lockdown.ts';
import { EXIT } from '../exit.ts';
import { CommandError, jsonOption, valueOrExit } from '../options.ts';
import { plural, print, printJson, safe, shortPath, styled } from '../terminal.ts';

interface DeployOptions {
  readonly stack: string;
  readonly parameters?: string[];
  readonly tags?: string[];
  readonly capabilities?: string[];
  readonly allowReplacement?: string[];
  readonly token?: string;
  readonly function: string;
  readonly direct?: true;
  readonly rehearse?: true;
  readonly region?: string;
  readonly endpoint?: string;
  readonly timeout: string;
  readonly json?: true;
}

interface LockdownOptions {
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  readonly function: string;
  readonly hookFunction?: string;
  readonly doorRole: string;
  readonly deployRole: string;
  readonly breakGlassRole: string;
  readonly exempt?: string[];
  readonly uploadBucket?: string;
  readonly templateBuckets?: string[];
  readonly output?: string;
  readonly json?: true;
}

export function doorCommand(): Command {
  const command = new Command('door').summary('deploy through the one way in, and close the others');
  command.addCommand(deployCommand());
  command.addCommand(lockdownCommand());
  return command;
}

function deployCommand(): Command {
  return new Command('deploy')
    .summary('hand a template to the door: it is judged, its change set is judged, and it is deployed')
    .argument('<template>', 'a file, or s3://bucket/key')
    .requiredOption('--stack <name>', 'name of the stack')
    .option('-p, --parameters <values...>', 'Name=value, or files as the AWS CLI and CodePipeline have them')
    .option('--tags <values...>', 'Name=value')
    .option('--capabilities <names...>', 'CAPABILITY_IAM, CAPABILITY_NAMED_IAM, CAPABILITY_AUTO_EXPAND')
    .option(
      '--allow-replacement <ids...>',
      'logical ids of resources whose data may be lost, because they are replaced or removed',
    )
    .option('--token <token>', 'sent again, it joins the first request (default: a new one)')
    .option('--function <name>', 'function of the door', 'cordon-door')
    .option('--direct', 'be the door: judge and deploy with the credentials of this process')
    .option('--rehearse', 'deploy into a simulated account that is gone afterwards; needs no AWS')
    .option('--region <region>', 'region (default: AWS_REGION)')
    .option('--endpoint <url>', 'a simulated account: be the door before it')
    .option('--timeout <minutes>', 'how long to wait for the end', '60')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Exit codes: 0 deployed or nothing to change, 1 refused or rolled back, 2 the request or the template is
wrong, 3 it could not be done or goes on.

Examples:
  cordon door deploy shop.yaml --stack shop -p prod.json
  cordon door deploy shop.yaml --stack shop --allow-replacement Sessions
  cordon door deploy shop.yaml --stack shop --rehearse`,
    )
    .action(deploy);
}

async function deploy(template: string, options: DeployOptions): Promise<void> {
  const minutes = Number(options.timeout);
  if (!(minutes >= 0)) throw new CommandError('--timeout is a number of minutes', EXIT.badInput);
  const request = await requestOf(template, options);
  const { askUntilDone } = await import('../../hosts/door.ts');
  const knock = await knockOf(options);
  let answer: DoorAnswer;
  try {
    if (!options.json)
      print(`${styled('bold', options.stack)}  ${styled('dim', `request ${request.token}`)}`);
    answer = await askUntilDone(knock, request, minutes * 60_000, options.json ? () => {} : printProgress);
  } finally {
    await knock.close();
  }
  if (options.json) printJson(answer);
  else printAnswer(answer, template, request.template);
  process.exitCode = exitCodeOf(answer);
}

async function requestOf(template: string, options: DeployOptions) {
  const { parametersOf } = await import('../../gate/template/parameters-file.ts');
  const { itemsOf, textOf } = await import('../../gate/template/node.ts');
  const given = valueOrExit(parametersOf(options.parameters ?? []), {});
  const parameters = [...given].map(([name, node]) => {
    const text = node.kind === 'list' ? itemsOf(node).map(textOf).join(',') : (textOf(node) ?? '');
    return [name, text] as const;
  });
  const tags = (options.tags ?? []).map((tag) => {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(tag) ?? [];
    if (name === undefined || value === undefined)
      throw new CommandError(`a tag looks like Name=value, not ${safe(tag)}`, EXIT.badInput);
    return [name, value] as const;
  });
  return {
    stackName: options.stack,
    ...(template.startsWith('s3://')
      ? { templateLocation: template, template: undefined }
      : { template: read(template) }),
    parameters: Object.fromEntries(parameters),
    tags: Object.fromEntries(tags),
    capabilities: options.capabilities ?? [],
    allowReplacement: options.allowReplacement ?? [],
    token: options.token ?? randomUUID(),
  };
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CommandError(
      `${shortPath(file)} cannot be read: ${safe((error as Error).message)}`,
      EXIT.badInput,
    );
  }
}

async function knockOf(options: DeployOptions) {
  const { directDoor, rehearsedDoor, remoteDoor } = await import('../../hosts/door.ts');
  const region = options.region ?? process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION;
  if (options.rehearse) return valueOrExit(await rehearsedDoor(region ?? 'us-east-1', process.env), {});
  if (region === undefined) throw new CommandError('the region is not known: give --region', EXIT.badInput);
  const aws = { region, endpoint: options.endpoint };
  if (options.direct || options.endpoint !== undefined) return valueOrExit(directDoor(aws, process.env), {});
  return remoteDoor(aws, options.function);
}

function printProgress({ at, logicalId, type, status, reason }: Progress): void {
  const time = new Date(at).toISOString().slice(11, 19);
  const style = /FAILED|ROLLBACK/.test(status) ? 'red' : status.endsWith('_COMPLETE') ? 'green' : 'dim';
  print(
    `  ${styled('dim', time)}  ${styled(style, status.padEnd(36))} ${safe(logicalId)}  ${styled('dim', type)}`,
  );
  if (reason !== undefined && /FAILED$/.test(status)) print(`            ${safe(reason)}`);
}

function printAnswer(answer: DoorAnswer, template: string, text = ''): void {
  const lines = text.split(/\r?\n/);
  const { changes, findings, remarks, gaps, outcome } = answer;
  if (outcome === 'refused' && changes.length > 0) {
    for (const { action, logicalId, type, replacement } of changes) {
      const more = replacement === undefined || replacement === 'False' ? '' : `, replacement ${replacement}`;
      print(`  ${(action + more).padEnd(28)} ${safe(logicalId)}  ${styled('dim', type)}`);
    }
  }
  for (const { text: said, fix, line } of findings) {
    print(`\n${safe(template)}:${line}`);
    print(styled('dim', `  ${line} | ${safe(lines[line - 1] ?? '', 120)}`));
    print(`  ${styled('red', said)}`);
    if (fix !== '') print(`  ${styled('dim', fix)}`);
  }
  for (const gap of gaps) print(`  not judged: ${safe(gap)}`);
  if (remarks.length > 0 && outcome !== 'refused') {
    print(`\n${plural(remarks.length, 'remark')}`);
    for (const { text } of remarks) print(`  ${safe(text)}`);
  }
  const outputs = Object.entries(answer.outputs ?? {});
  for (const [key, value] of outputs) print(`  ${safe(key)} = ${safe(value)}`);
  const good = outcome === 'deployed' || outcome === 'unchanged';
  print(`\n${styled(['bold', good ? 'green' : 'red'], answer.message)}`);
}

function exitCodeOf({ outcome }: DoorAnswer): number {
  if (outcome === 'deployed' || outcome === 'unchanged') return EXIT.ok;
  if (outcome === 'refused' || outcome === 'rolled-back') return EXIT.no;
  return outcome === 'invalid' ? EXIT.badInput : EXIT.failed;
}

function lockdownCommand(): Command {
  return new Command('lockdown')
    .summary('print the policies that leave the door as the only way in, statement by statement')
    .requiredOption('--account <id>', 'account of the door')
    .requiredOption('--region <region>', 'region of the door')
    .requiredOption('--break-glass-role <name>', 'role for the day on which the door does not work')
    .option('--partition <name>', 'aws, aws-cn or aws-us-gov', 'aws')
    .option('--function <name>', 'function of the door', 'cordon-door')
    .option('--hook-function <name>', 'function of the CloudFormation Hook, where there is one')
    .option('--door-role <name>', 'role that the function runs as', 'cordon-door')
    .option('--deploy-role <name>', 'role that CloudFormation deploys with', 'cordon-deploy')
    .option(
      '--exempt <roles...>',
      'roles that go on changing resources: of pipelines, of AWS Control Tower; * is allowed',
    )
    .option('--upload-bucket <name>', 'bucket from which the door hands over large templates')
    .option('--template-buckets <names...>', 'buckets from which the door reads templates')
    .option('-o, --output <folder>', 'write each policy to a file of this folder')
    .addOption(jsonOption())
    .action(printLockdown);
}

async function printLockdown(options: LockdownOptions): Promise<void> {
  const { lockdown } = await import('../../gate/door/lockdown.ts');
  const policies = valueOrExit(
    lockdown({
      account: options.account,
      region: options.region,
      partition: options.partition,
      door: options.function,
      hook: options.hookFunction,
      doorRole: options.doorRole,
      deployRole: options.deployRole,
      breakGlassRole: options.breakGlassRole,
      exempt: options.exempt ?? [],
      uploadBucket: options.uploadBucket,
      templateBuckets: options.templateBuckets ?? [],
    }),
    options,
  );
  if (options.json) {
    for (const { name, kind, attachTo, document, size, limit } of policies)
      printJson({ name, kind, attachTo, size, limit, document: JSON.parse(document) as unknown });
  } else for (const policy of policies) printPolicy(policy, options.output === undefined);
  if (options.output !== undefined) {
    mkdirSync(options.output, { recursive: true });
    for (const { name, document } of policies) writeFileSync(join(options.output, `${name}.json`), document);
  }
}

function printPolicy(
  { name, kind, attachTo, statements, document, size, limit }: LockdownPolicy,
  whole: boolean,
): void {
  const what = kind === 'managed-policy' ? 'IAM policy' : 'service control policy';
  print(`${styled('bold', name)}  ${what} for ${safe(attachTo)}`);
  print(
    styled(
      'dim',
      `${size.toLocaleString('en-US')} of ${limit.toLocaleString('en-US')} characters, without white space`,
    ),
  );
  for (const { statement, why } of statements)
    print(`  ${statement.Effect.padEnd(5)} ${statement.Sid.padEnd(22)} ${why}`);
  print(whole ? `\n${document}` : '');
}
