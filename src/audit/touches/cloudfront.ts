import { changed, created, deleted, type TouchTable } from './touch.ts';

const DISTRIBUTION = 'AWS::CloudFront::Distribution';
const HEADERS = 'AWS::CloudFront::ResponseHeadersPolicy';
const ORIGIN = 'AWS::CloudFront::OriginAccessControl';
const id = 'request.id';

/** Source: Amazon CloudFront Developer Guide, "Logging Amazon CloudFront API calls using AWS CloudTrail". */
export const CLOUDFRONT: TouchTable = {
  source: 'cloudfront.amazonaws.com',
  calls: {
    CreateDistribution: [created(DISTRIBUTION, 'response.distribution.id')],
    CreateDistributionWithTags: [created(DISTRIBUTION, 'response.distribution.id')],
    UpdateDistribution: [changed(DISTRIBUTION, id, ['DistributionConfig'])],
    DeleteDistribution: [deleted(DISTRIBUTION, id)],
    UpdateResponseHeadersPolicy: [changed(HEADERS, id, ['ResponseHeadersPolicyConfig'])],
    DeleteResponseHeadersPolicy: [deleted(HEADERS, id)],
    UpdateOriginAccessControl: [changed(ORIGIN, id, ['OriginAccessControlConfig'])],
    DeleteOriginAccessControl: [deleted(ORIGIN, id)],
  },
};
