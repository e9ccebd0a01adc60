import * as kms from '@aws-sdk/client-kms';
import { AwsError } from '../aws-error.ts';
import { awsJson, servesTarget } from '../protocol/aws-json.ts';
import { operation, type Service } from '../service.ts';
import * as keys from './keys.ts';
import { getPublicKey, sign, verify } from './sign.ts';

export const KMS: Service = {
  name: 'kms',
  protocol: awsJson('1.1', 'com.amazonaws.kms'),
  serves: servesTarget('TrentService'),
  faults: {
    throttle: () =>
      new AwsError('ThrottlingException', 'You have exceeded the rate at which you may call KMS.'),
    'internal-error': () =>
      new AwsError(
        'KMSInternalException',
        'The request was rejected because an internal exception occurred.',
        500,
      ),
    unauthorized: () =>
      new AwsError('AccessDeniedException', 'User is not authorized to perform this operation'),
  },
  operations: {
    CancelKeyDeletion: operation(kms.CancelKeyDeletion$, keys.cancelKeyDeletion),
    CreateKey: operation(kms.CreateKey$, keys.createKey),
    DescribeKey: operation(kms.DescribeKey$, keys.describeKey),
    DisableKey: operation(kms.DisableKey$, keys.enable(false)),
    DisableKeyRotation: operation(kms.DisableKeyRotation$, keys.disableKeyRotation),
    EnableKey: operation(kms.EnableKey$, keys.enable(true)),
    EnableKeyRotation: operation(kms.EnableKeyRotation$, keys.enableKeyRotation),
    GetKeyPolicy: operation(kms.GetKeyPolicy$, keys.getKeyPolicy),
    GetKeyRotationStatus: operation(kms.GetKeyRotationStatus$, keys.getKeyRotationStatus),
    GetPublicKey: operation(kms.GetPublicKey$, getPublicKey),
    ListKeys: operation(kms.ListKeys$, keys.listKeys),
    ListResourceTags: operation(kms.ListResourceTags$, keys.listResourceTags),
    PutKeyPolicy: operation(kms.PutKeyPolicy$, keys.putKeyPolicy),
    ScheduleKeyDeletion: operation(kms.ScheduleKeyDeletion$, keys.scheduleKeyDeletion),
    Sign: operation(kms.Sign$, sign),
    TagResource: operation(kms.TagResource$, keys.tagResource),
    UntagResource: operation(kms.UntagResource$, keys.untagResource),
    Verify: operation(kms.Verify$, verify),
  },
};
