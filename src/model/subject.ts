/** What a finding is about, named by its CloudFormation resource type. */
export interface Subject {
  readonly type: string;
  readonly id: string;
  readonly account: string;
  readonly region: string;
}

export const INSTANCE = 'AWS::EC2::Instance';
export const LAMBDA_FUNCTION = 'AWS::Lambda::Function';
/** CloudFormation has no type for it; its id is its ARN. */
export const ECS_TASK = 'AWS::ECS::Task';
export const NETWORK_INTERFACE = 'AWS::EC2::NetworkInterface';
export const USER = 'AWS::IAM::User';
export const ROLE = 'AWS::IAM::Role';
export const ACCESS_KEY = 'AWS::IAM::AccessKey';

/** One string per subject, for maps and unique columns. */
export function subjectKey(subject: Subject): string {
  return `${subject.account}/${subject.region}/${subject.type}/${subject.id}`;
}

/** The subject that {@link subjectKey} made a string of. */
export function subjectOfKey(key: string): Subject {
  const [account = '', region = '', type = '', ...id] = key.split('/');
  return { account, region, type, id: id.join('/') };
}
