import * as sqs from '@aws-sdk/client-sqs';
import { AwsError } from '../aws-error.ts';
import { awsJson, servesTarget } from '../protocol/aws-json.ts';
import { operation, type Service } from '../service.ts';
import * as messages from './messages.ts';
import * as queues from './queues.ts';

export const SQS: Service = {
  name: 'sqs',
  protocol: awsJson('1.0', 'com.amazonaws.sqs'),
  serves: servesTarget('AmazonSQS'),
  faults: {
    throttle: () => new AwsError('RequestThrottled', 'Rate exceeded', 400, 'RequestThrottled'),
    'internal-error': () => new AwsError('InternalFailure', 'We encountered an internal error.', 500),
    unauthorized: () =>
      new AwsError('AccessDeniedException', 'User is not authorized to perform this operation', 403),
  },
  operations: {
    ChangeMessageVisibility: operation(sqs.ChangeMessageVisibility$, messages.changeMessageVisibility),
    CreateQueue: operation(sqs.CreateQueue$, queues.createQueue),
    DeleteMessage: operation(sqs.DeleteMessage$, messages.deleteMessage),
    DeleteMessageBatch: operation(sqs.DeleteMessageBatch$, messages.deleteMessageBatch),
    DeleteQueue: operation(sqs.DeleteQueue$, queues.deleteQueue),
    GetQueueAttributes: operation(sqs.GetQueueAttributes$, queues.getQueueAttributes),
    GetQueueUrl: operation(sqs.GetQueueUrl$, queues.getQueueUrl),
    ListQueueTags: operation(sqs.ListQueueTags$, queues.listQueueTags),
    ReceiveMessage: operation(sqs.ReceiveMessage$, messages.receiveMessage),
    SendMessage: operation(sqs.SendMessage$, messages.sendMessage),
    SendMessageBatch: operation(sqs.SendMessageBatch$, messages.sendMessageBatch),
    SetQueueAttributes: operation(sqs.SetQueueAttributes$, queues.setQueueAttributes),
    TagQueue: operation(sqs.TagQueue$, queues.tagQueue),
    UntagQueue: operation(sqs.UntagQueue$, queues.untagQueue),
  },
};
