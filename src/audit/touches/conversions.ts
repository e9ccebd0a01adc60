import type { ApiCall } from '../api-call.ts';
import { parseArn, partitionOf } from './arn.ts';

/** From what a caller may write to what the identifier is; nothing where it does not say it. */
type Conversion = (text: string, call: ApiCall) => string | undefined;

/** By the names that the tables use. */
export const CONVERSIONS: Readonly<Record<string, Conversion>> = {
  'last-part': (text) => text.slice(Math.max(text.lastIndexOf('/'), text.lastIndexOf(':')) + 1),
  lower: (text) => text.toLowerCase(),
  'function-name': functionName,
  'function-arn': (text, { account, region }) => {
    if (parseArn(text) !== undefined) return text;
    const name = functionName(text);
    return name && `arn:${partitionOf(region)}:lambda:${region}:${account}:function:${name}`;
  },
  'key-id': (text) => {
    const resource = parseArn(text)?.resource ?? text;
    // An alias may point to another key by now.
    return resource.startsWith('alias/') ? undefined : resource.replace(/^key\//, '');
  },
  'alias-name': (text) => {
    const resource = parseArn(text)?.resource ?? text;
    return resource.startsWith('alias/') ? resource : undefined;
  },
  'log-group': (text) => {
    const resource = parseArn(text)?.resource;
    return resource === undefined ? text : /^log-group:([^:]+)/.exec(resource)?.[1];
  },
  'table-name': (text) => {
    const resource = parseArn(text)?.resource;
    return resource === undefined ? text : /^table\/([^/]+)/.exec(resource)?.[1];
  },
  'organization-id': (text) => /(?:^|\/)(o-[a-z0-9]{10,32})(?:\/|$)/.exec(text)?.[1],
  'type-name': (text) => (/^\w{2,64}::\w{2,64}::\w{2,64}$/.test(text) ? text : undefined),
  'only-arn': (text) => (parseArn(text) === undefined ? undefined : text),
};

/** Source: AWS Lambda API Reference, "FunctionName": a name, a partial and a whole ARN, a version or alias behind any of them. */
function functionName(text: string): string | undefined {
  const match = /^(?:arn:aws[a-z-]*:lambda:[a-z0-9-]+:)?(?:\d{12}:)?(?:function:)?([\w-]+)(?::[^:]+)?$/.exec(
    text,
  );
  return match?.[1];
}
