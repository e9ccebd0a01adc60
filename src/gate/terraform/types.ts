import type { Mapping } from './mapping.ts';
import { COMPUTE_AND_NETWORK } from './types-compute.ts';
import { STORAGE_AND_DATA } from './types-data.ts';
import { SECURITY_AND_OPERATIONS } from './types-security.ts';

/** Resource types of the Terraform AWS provider that have a place in CloudFormation's schema. */
export const TERRAFORM_TYPES: Readonly<Record<string, Mapping>> = {
  ...COMPUTE_AND_NETWORK,
  ...STORAGE_AND_DATA,
  ...SECURITY_AND_OPERATIONS,
  aws_alb: COMPUTE_AND_NETWORK.aws_lb as Mapping,
  aws_alb_listener: COMPUTE_AND_NETWORK.aws_lb_listener as Mapping,
};
