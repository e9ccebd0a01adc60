import type { Account } from '../../account.ts';
import { functionsOf } from '../../lambda/function.ts';
import { LAMBDA } from '../../lambda/service.ts';
import { perform } from '../../perform.ts';
import { pick, present, unless } from '../changes.ts';
import type { Properties, ResourceType } from '../resource-type.ts';

const GIVEN = ['Action', 'Principal', 'SourceArn', 'SourceAccount', 'PrincipalOrgID', 'FunctionUrlAuthType'];

interface Statement {
  readonly Sid: string;
  readonly Action: string;
  readonly Principal: '*' | { readonly AWS?: string; readonly Service?: string };
  readonly Condition?: {
    readonly ArnLike?: Readonly<Record<string, string>>;
    readonly StringEquals?: Readonly<Record<string, string>>;
  };
}

/** Its identifier is `FUNCTION|STATEMENT`. Source: AWS CloudFormation Template Reference, "AWS::Lambda::Permission". */
export const FUNCTION_PERMISSION: ResourceType = {
  replacement: ['FunctionName', ...GIVEN],
  readOnly: ['Id'],
  create(account, properties, newName) {
    const FunctionName = String(properties.FunctionName);
    perform(account, LAMBDA, 'AddPermission', {
      FunctionName,
      StatementId: newName,
      ...pick(properties, GIVEN),
    });
    return { physicalId: `${nameIn(FunctionName)}|${newName}`, attributes: { Id: newName } };
  },
  /** Every change makes a new one. */
  update() {},
  delete(account, id) {
    const [FunctionName, StatementId] = id.split('|');
    perform(account, LAMBDA, 'RemovePermission', { FunctionName, StatementId });
  },
  read(account, id): Properties | undefined {
    const [FunctionName = '', Id] = id.split('|');
    const statement = statementsOf(account, FunctionName).find(({ Sid }) => Sid === Id);
    if (statement === undefined) return undefined;
    const { Action, Principal, Condition: { ArnLike = {}, StringEquals = {} } = {} } = statement;
    return present({
      FunctionName,
      Id,
      Action,
      Principal: Principal === '*' ? '*' : (Principal.Service ?? Principal.AWS),
      SourceArn: ArnLike['AWS:SourceArn'],
      SourceAccount: StringEquals['AWS:SourceAccount'],
      PrincipalOrgID: StringEquals['aws:PrincipalOrgID'],
      FunctionUrlAuthType: StringEquals['lambda:FunctionUrlAuthType'],
    });
  },
  list: (account) =>
    [...functionsOf(account).values()].flatMap(({ name, statements }) =>
      [...statements.keys()].map((id) => `${name}|${id}`),
    ),
};

function statementsOf(account: Account, FunctionName: string): Statement[] {
  const found = unless(/^ResourceNotFoundException$/, () =>
    perform<{ Policy: string }>(account, LAMBDA, 'GetPolicy', { FunctionName }),
  );
  return found === undefined ? [] : (JSON.parse(found.Policy) as { Statement: Statement[] }).Statement;
}

function nameIn(nameOrArn: string): string {
  return nameOrArn.split(':function:').at(-1)?.split(':')[0] ?? nameOrArn;
}
