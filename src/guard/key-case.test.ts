import { describe, expect, it } from 'vitest';
import { KEY_CASES } from './key-case.ts';

describe('other ways to write a key, as cfn-guard 3.1.1 tries them', () => {
  it.each([
    [
      'BucketName',
      ['bucketName', 'BucketName', 'bucket-name', 'BucketName', 'bucket_name', 'Bucket Name', 'Bucket-Name'],
    ],
    [
      'subnet_ids',
      ['subnetIds', 'SubnetId', 'subnet-ids', 'SubnetIds', 'subnet_ids', 'Subnet Ids', 'Subnet-Ids'],
    ],
    ['VPCId', ['vpcid', 'Vpcid', 'vpc-id', 'Vpcid', 'vpc_id', 'Vpcid', 'Vpcid']],
    ['Ec2Key', ['ec2Key', 'Ec2Key', 'ec-2-key', 'Ec2Key', 'ec_2_key', 'Ec2 Key', 'Ec2-Key']],
    ['Policies', ['policies', 'Policy', 'policies', 'Policies', 'policies', 'Policies', 'Policies']],
    ['Heroes', ['heroes', 'Her', 'heroes', 'Heroes', 'heroes', 'Heroes', 'Heroes']],
    ['', ['', '', '', '', '', '', '']],
  ])('%s', (key, cases) => {
    expect(KEY_CASES.map((convert) => convert(key))).toEqual(cases);
  });
});
