/** The pseudo-parameters; those with a text have it unless the region or the caller says otherwise. */
export const PSEUDO_PARAMETERS: Readonly<Record<string, string | undefined>> = {
  'AWS::AccountId': undefined,
  'AWS::NotificationARNs': undefined,
  'AWS::Partition': 'aws',
  'AWS::Region': undefined,
  'AWS::StackId': undefined,
  'AWS::StackName': undefined,
  'AWS::URLSuffix': 'amazonaws.com',
};

export function pseudoParameters(
  region: string | undefined,
  account: string | undefined,
): Map<string, string> {
  const known = new Map<string, string>();
  if (region !== undefined) known.set('AWS::Region', region);
  if (account !== undefined) known.set('AWS::AccountId', account);
  const china = region?.startsWith('cn-');
  known.set('AWS::Partition', china ? 'aws-cn' : region?.startsWith('us-gov-') ? 'aws-us-gov' : 'aws');
  known.set('AWS::URLSuffix', china ? 'amazonaws.com.cn' : 'amazonaws.com');
  return known;
}
