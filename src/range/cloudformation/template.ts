import { isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import { AwsError } from '../aws-error.ts';

/** A template as CloudFormation keeps it; intrinsic functions are in their long form. */
export interface CfnTemplate {
  readonly body: string;
  readonly description: string | undefined;
  readonly parameters: Readonly<Record<string, ParameterDeclaration>>;
  readonly mappings: Section;
  readonly conditions: Section;
  readonly resources: Readonly<Record<string, ResourceDeclaration>>;
  readonly outputs: Section;
}

type Section = Readonly<Record<string, unknown>>;

export interface ParameterDeclaration {
  readonly Type?: string;
  readonly Default?: unknown;
  readonly AllowedValues?: readonly unknown[];
  readonly AllowedPattern?: string;
  readonly NoEcho?: unknown;
  readonly Description?: string;
}

export interface ResourceDeclaration {
  readonly Type: string;
  readonly Properties?: Section;
  readonly DependsOn?: string | readonly string[];
  readonly Condition?: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Metadata?: Section;
}

/** Source: AWS CloudFormation User Guide, "Understand CloudFormation quotas". */
const MAX_RESOURCES = 500;
const MAX_DEPTH = 100;

export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', message);
}

export function parseTemplate(body: string): CfnTemplate {
  const root = rootOf(body);
  const { Resources } = root;
  if (root.Transform !== undefined) throw validationError('Transforms are not simulated');
  if (!isSection(Resources) || Object.keys(Resources).length === 0)
    throw validationError('At least one Resources member must be defined.');
  if (Object.keys(Resources).length > MAX_RESOURCES)
    throw validationError(
      `Template format error: Number of resources, ${Object.keys(Resources).length}, is greater than maximum allowed, ${MAX_RESOURCES}`,
    );
  for (const [id, resource] of Object.entries(Resources)) {
    if (!/^[A-Za-z0-9]{1,255}$/.test(id))
      throw validationError(`Template format error: Resource name ${id} is non alphanumeric.`);
    if (!isSection(resource) || typeof resource.Type !== 'string')
      throw validationError(
        `Template format error: [/Resources/${id}] Every Resources object must contain a Type member.`,
      );
  }
  return {
    body,
    description: typeof root.Description === 'string' ? root.Description : undefined,
    parameters: sectionOf(root, 'Parameters') as CfnTemplate['parameters'],
    mappings: sectionOf(root, 'Mappings'),
    conditions: sectionOf(root, 'Conditions'),
    resources: Resources as CfnTemplate['resources'],
    outputs: sectionOf(root, 'Outputs'),
  };
}

function rootOf(body: string): Section {
  const document = parseDocument(body, { logLevel: 'silent', uniqueKeys: true });
  if (document.errors.length > 0) {
    const kind = /^\s*\{/.test(body) ? 'JSON' : 'YAML';
    throw validationError(`Template format error: ${kind} not well-formed.`);
  }
  const root = dataOf(document.contents, 0);
  if (!isSection(root)) throw validationError('Template format error: unsupported structure.');
  return root;
}

/** Nodes as plain data; a tag such as `!Ref` becomes the function that it stands for. */
function dataOf(node: unknown, depth: number): unknown {
  if (depth > MAX_DEPTH) throw validationError('Template format error: nested too deeply.');
  if (node === null || node === undefined) return null;
  if (isAlias(node))
    throw validationError('Template error: YAML aliases are not allowed in CloudFormation templates');
  const tag = (node as { tag?: string }).tag;
  const value = isMap(node)
    ? Object.fromEntries(
        node.items.map(({ key, value: item }) => [
          String(isScalar(key) ? key.value : key),
          dataOf(item, depth + 1),
        ]),
      )
    : isSeq(node)
      ? node.items.map((item) => dataOf(item, depth + 1))
      : isScalar(node)
        ? node.value
        : null;
  if (tag === undefined || !/^![A-Z]/.test(tag)) return value;
  const name = tag.slice(1);
  if (name === 'Ref' || name === 'Condition') return { [name]: value };
  if (name === 'GetAtt' && typeof value === 'string') {
    const dot = value.indexOf('.');
    return { 'Fn::GetAtt': [value.slice(0, dot), value.slice(dot + 1)] };
  }
  return { [`Fn::${name}`]: value };
}

function sectionOf(root: Section, name: string): Section {
  const section = root[name];
  if (section === undefined || section === null) return {};
  if (!isSection(section)) throw validationError(`Template format error: [${name}] must be an object.`);
  return section;
}

export function isSection(value: unknown): value is Section {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
