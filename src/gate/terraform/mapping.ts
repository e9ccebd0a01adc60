import type { Json } from '../../model/json.ts';

/**
 * Where a property comes from: an attribute (dots lead into blocks, of which the first counts), or
 * an attribute and what is to be done with it.
 * - `json`: a policy written as text
 * - `json-pascal`: text whose keys begin with a small letter here and a capital there
 * - `tags`: a map as a list of `Key` and `Value`
 * - `one`: a single value as a list of one
 * - `rules`: inline rules of a security group, one for each network
 */
export type Source =
  | string
  | { readonly from: string; readonly as: 'json' | 'json-pascal' | 'tags' | 'one' | 'rules' }
  | { readonly from: string; readonly words: Readonly<Record<string, Json>> }
  | { readonly each: string; readonly of: Properties }
  /** A list of `Key` and `Value`, as load balancers have their attributes. */
  | { readonly pairs: Readonly<Record<string, string>> };

/** CloudFormation's property (dots lead into maps) to where it comes from. */
export type Properties = Readonly<Record<string, Source>>;

export type Mapping =
  | { readonly type: string; readonly properties: Properties }
  /** What is a resource of its own here is a property of another one in CloudFormation. */
  | { readonly into: readonly string[]; readonly by: string; readonly properties: Properties }
  /** A resource of its own for each network, as `AWS::EC2::SecurityGroupIngress` wants it. */
  | { readonly rule: 'by-type' | 'ingress' | 'egress' };

export const json = (from: string): Source => ({ from, as: 'json' });
export const each = (from: string, of: Properties): Source => ({ each: from, of });
export const tags: Source = { from: 'tags', as: 'tags' };
