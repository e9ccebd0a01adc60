import { functionsOf } from '../../lambda/function.ts';
import { LAMBDA } from '../../lambda/service.ts';
import { perform } from '../../perform.ts';
import { unless } from '../changes.ts';
import type { Properties, ResourceType } from '../resource-type.ts';

/** Source: AWS CloudFormation Template Reference, "AWS::Lambda::Url". */
export const FUNCTION_URL: ResourceType = {
  replacement: ['TargetFunctionArn', 'Qualifier'],
  readOnly: ['FunctionArn', 'FunctionUrl'],
  create(account, { TargetFunctionArn, AuthType }) {
    const { FunctionArn, FunctionUrl } = perform<Record<string, string>>(
      account,
      LAMBDA,
      'CreateFunctionUrlConfig',
      {
        FunctionName: TargetFunctionArn,
        AuthType,
      },
    );
    return { physicalId: FunctionArn ?? '', attributes: { FunctionArn, FunctionUrl } };
  },
  update(account, FunctionName, { AuthType }, before) {
    if (AuthType !== before.AuthType)
      perform(account, LAMBDA, 'UpdateFunctionUrlConfig', { FunctionName, AuthType });
  },
  delete(account, FunctionName) {
    perform(account, LAMBDA, 'DeleteFunctionUrlConfig', { FunctionName });
  },
  read(account, FunctionName): Properties | undefined {
    const found = unless(/^ResourceNotFoundException$/, () =>
      perform<Properties>(account, LAMBDA, 'GetFunctionUrlConfig', { FunctionName }),
    );
    if (found === undefined) return undefined;
    const { FunctionArn, FunctionUrl, AuthType, InvokeMode } = found;
    return { FunctionArn, TargetFunctionArn: FunctionArn, FunctionUrl, AuthType, InvokeMode };
  },
  list: (account) =>
    [...functionsOf(account).values()].flatMap(({ arn, url }) => (url === undefined ? [] : [arn])),
};
