import { CLOUDFRONT } from './cloudfront/format.ts';
import { CLOUDFRONT_JSON } from './cloudfront/json.ts';
import { CLOUDFRONT_PARQUET } from './cloudfront/parquet.ts';
import { CLOUDFRONT_REALTIME } from './cloudfront/realtime.ts';
import { CLOUDTRAIL } from './cloudtrail/format.ts';
import { ALB_ACCESS, ALB_CONNECTION, CLB_ACCESS, NLB_ACCESS } from './elb/format.ts';
import type { Format, JsonFormat, TextFormat } from './format.ts';
import { GUARDDUTY } from './guardduty/format.ts';
import type { ParquetFormat } from './parquet/format.ts';
import { ROUTE53_RESOLVER } from './route53-resolver/format.ts';
import { S3_ACCESS } from './s3-access/format.ts';
import { S3_ACCESS_JSON } from './s3-access/json.ts';
import { SECURITY_HUB_ASFF, SECURITY_HUB_OCSF } from './security-hub/format.ts';
import { VPC_FLOW_LOG } from './vpc-flow/format.ts';
import { VPC_FLOW_PARQUET } from './vpc-flow/parquet.ts';
import { WAF } from './waf/format.ts';

/** Asked in this order whether a line is theirs: the stricter ones first. */
export const TEXT_FORMATS: readonly TextFormat[] = [
  VPC_FLOW_LOG,
  S3_ACCESS,
  CLOUDFRONT,
  NLB_ACCESS,
  ALB_ACCESS,
  ALB_CONNECTION,
  CLB_ACCESS,
  CLOUDFRONT_REALTIME,
];

export const JSON_FORMATS: readonly JsonFormat[] = [
  CLOUDTRAIL,
  WAF,
  ROUTE53_RESOLVER,
  GUARDDUTY,
  SECURITY_HUB_ASFF,
  SECURITY_HUB_OCSF,
  CLOUDFRONT_JSON,
  S3_ACCESS_JSON,
];

/** Asked in this order whether a table of columns is theirs. */
export const PARQUET_FORMATS: readonly ParquetFormat[] = [VPC_FLOW_PARQUET, CLOUDFRONT_PARQUET];

export const FORMATS: ReadonlyMap<string, Format> = new Map(
  [...TEXT_FORMATS, ...JSON_FORMATS].map((format) => [format.name, format]),
);
