import { changedKeys } from '../../cloudformation/compare.ts';
import { functionsOf } from '../../lambda/function.ts';
import { LAMBDA } from '../../lambda/service.ts';
import { perform } from '../../perform.ts';
import { pick, present } from '../changes.ts';
import { type CfnTag, type Properties, type ResourceType, tagProperty } from '../resource-type.ts';

const SETTINGS = [
  'Description',
  'Environment',
  'Handler',
  'Layers',
  'MemorySize',
  'Role',
  'Runtime',
  'Timeout',
];
const NUMBERS = ['MemorySize', 'Timeout'];
/** What holds where a template says nothing. Source: AWS Lambda API Reference, "CreateFunction". */
const DEFAULTS: Properties = { Description: '', Environment: {}, Layers: [], MemorySize: 128, Timeout: 3 };

/** Source: AWS CloudFormation Template Reference, "AWS::Lambda::Function". */
export const FUNCTION: ResourceType = {
  replacement: ['FunctionName', 'PackageType'],
  readOnly: ['Arn'],
  writeOnly: ['Code'],
  name: 'FunctionName',
  create(account, properties, newName) {
    const FunctionName = String(properties.FunctionName ?? newName);
    const { Code, Tags = [], PackageType, Architectures, KmsKeyArn } = properties;
    const { ZipFile, ...code } = (Code ?? {}) as { readonly ZipFile?: string };
    const { FunctionArn } = perform<{ FunctionArn: string }>(account, LAMBDA, 'CreateFunction', {
      FunctionName,
      ...inputOf(pick(properties, SETTINGS)),
      ...present({ PackageType, Architectures, KMSKeyArn: KmsKeyArn }),
      Code: { ...code, ...(ZipFile === undefined ? {} : { ZipFile: Buffer.from(ZipFile) }) },
      Tags: Object.fromEntries((Tags as CfnTag[]).map(({ Key, Value }) => [Key, Value])),
    });
    ready(account, FunctionName);
    const { ReservedConcurrentExecutions } = properties;
    this.update(account, FunctionName, { ReservedConcurrentExecutions }, {});
    return { physicalId: FunctionName, attributes: { Arn: FunctionArn } };
  },
  update(account, FunctionName, after, before) {
    const changed = changedKeys(before, after);
    const settings = changed.filter((name) => SETTINGS.includes(name));
    const wanted = { ...DEFAULTS, ...present(after) };
    if (settings.length > 0 || changed.includes('KmsKeyArn')) {
      perform(account, LAMBDA, 'UpdateFunctionConfiguration', {
        FunctionName,
        ...inputOf(pick(wanted, settings)),
        ...(changed.includes('KmsKeyArn') ? { KMSKeyArn: after.KmsKeyArn ?? '' } : {}),
      });
      ready(account, FunctionName);
    }
    if (!changed.includes('ReservedConcurrentExecutions')) return;
    const { ReservedConcurrentExecutions: reserved } = after;
    if (reserved === undefined) perform(account, LAMBDA, 'DeleteFunctionConcurrency', { FunctionName });
    else
      perform(account, LAMBDA, 'PutFunctionConcurrency', {
        FunctionName,
        ReservedConcurrentExecutions: Number(reserved),
      });
  },
  delete(account, FunctionName) {
    perform(account, LAMBDA, 'DeleteFunction', { FunctionName });
  },
  read(account, FunctionName): Properties | undefined {
    if (!functionsOf(account).has(FunctionName)) return undefined;
    const { Configuration, Concurrency, Tags } = perform<{
      Configuration: Properties;
      Concurrency?: Properties;
      Tags: Record<string, string>;
    }>(account, LAMBDA, 'GetFunction', { FunctionName });
    const { Variables = {} } = (Configuration.Environment ?? {}) as { Variables?: object };
    const layers = Configuration.Layers as { Arn: string }[] | undefined;
    return present({
      ...pick(Configuration, [...SETTINGS, 'Architectures', 'PackageType']),
      FunctionName,
      Arn: Configuration.FunctionArn,
      Environment: Object.keys(Variables).length === 0 ? undefined : { Variables },
      Layers: layers?.map(({ Arn }) => Arn),
      KmsKeyArn: Configuration.KMSKeyArn,
      ReservedConcurrentExecutions: Concurrency?.ReservedConcurrentExecutions,
      ...tagProperty(Object.entries(Tags).map(([Key, Value]) => ({ Key, Value }))),
    });
  },
  list: (account) => [...functionsOf(account).keys()],
};

/** CloudFormation waits until Lambda has done what it was asked. */
function ready(account: Parameters<typeof functionsOf>[0], name: string): void {
  const one = functionsOf(account).get(name);
  if (one !== undefined) one.changedAt = account.clock.now() - account.settings.stateChangeDuration;
}

function inputOf(settings: Properties): Properties {
  const given = Object.entries(settings).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    given.map(([name, value]) => [name, NUMBERS.includes(name) ? Number(value) : value]),
  );
}
