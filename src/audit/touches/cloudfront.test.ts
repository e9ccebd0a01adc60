import { proveTouches } from '../../../test/touches.ts';
import { CLOUDFRONT } from './cloudfront.ts';

const DISTRIBUTION = 'AWS::CloudFront::Distribution EMKKSKR0PSVWI';
const HEADERS = 'AWS::CloudFront::ResponseHeadersPolicy 67f7725c-6f97-4210-82d7-5512b31e9d03';
const ORIGIN = 'AWS::CloudFront::OriginAccessControl E1EXAMPLE';
const id = { id: 'EMKKSKR0PSVWI', ifMatch: 'E23C4I9Z8DACE2' };
const answer = { distribution: { id: 'EMKKSKR0PSVWI', status: 'InProgress' }, eTag: 'E2' };
const distributionConfig = { enabled: true, callerReference: '1' };

proveTouches(CLOUDFRONT, [
  ['CreateDistribution', { distributionConfig }, answer, `created ${DISTRIBUTION}`],
  [
    'CreateDistributionWithTags',
    { distributionConfigWithTags: { distributionConfig } },
    answer,
    `created ${DISTRIBUTION}`,
  ],
  [
    'UpdateDistribution',
    { ...id, distributionConfig },
    answer,
    `changed ${DISTRIBUTION} [DistributionConfig]`,
  ],
  [
    'UpdateDistribution2020_05_31',
    { ...id, distributionConfig },
    answer,
    `changed ${DISTRIBUTION} [DistributionConfig]`,
  ],
  ['DeleteDistribution', id, null, `deleted ${DISTRIBUTION}`],
  [
    'UpdateResponseHeadersPolicy',
    { id: '67f7725c-6f97-4210-82d7-5512b31e9d03' },
    null,
    `changed ${HEADERS} [ResponseHeadersPolicyConfig]`,
  ],
  ['DeleteResponseHeadersPolicy', { id: '67f7725c-6f97-4210-82d7-5512b31e9d03' }, null, `deleted ${HEADERS}`],
  ['UpdateOriginAccessControl', { id: 'E1EXAMPLE' }, null, `changed ${ORIGIN} [OriginAccessControlConfig]`],
  ['DeleteOriginAccessControl', { id: 'E1EXAMPLE' }, null, `deleted ${ORIGIN}`],
]);
