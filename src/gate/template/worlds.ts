import type { Environment, Question, Unknown } from './environment.ts';
import { type Node, scalar, textOf } from './node.ts';
import { parameterValue } from './parameter-value.ts';
import { pseudoParameters } from './pseudo-parameters.ts';
import { type ResourceEntry, resolveResource, resolveResources, resolverOf } from './resolve.ts';
import type { Template } from './template.ts';

/** What a template is resolved with. */
export interface Given {
  /** Values from a parameters file, or from the stack around a nested one; text as CloudFormation takes it. */
  readonly parameters: ReadonlyMap<string, Node>;
  readonly region?: string | undefined;
  readonly account?: string | undefined;
  /** Judge every `AllowedValues` also of parameters that have a default. */
  readonly everyAllowedValue?: boolean | undefined;
}

/** One way in which the undecided may be decided. */
export interface World extends Assignment {
  /** Loops over something unknown. */
  readonly openLoops: readonly string[];
  readonly resources: readonly ResolvedResource[];
}

export interface ResolvedResource extends ResourceEntry {
  /** What its properties depend on and the text does not tell. */
  readonly unknowns: readonly MetUnknown[];
}

export interface MetUnknown extends Unknown {
  /** The property whose value depends on it. */
  readonly property: string | undefined;
}

export interface Worlds {
  readonly worlds: readonly World[];
  /** There are more combinations than are judged. */
  readonly incomplete: boolean;
}

export const MAX_WORLDS = 48;

interface Assignment {
  /** `Environment is prod`: what was decided, in words; empty where nothing had to be. */
  readonly choices: ReadonlyMap<string, string>;
  readonly values: ReadonlyMap<string, Node>;
  readonly decisions: ReadonlyMap<string, boolean>;
  /** Set once all is decided: other values of an unknown then do not change them. */
  readonly conditions?: ReadonlyMap<string, boolean>;
}

/**
 * Every combination of what is not decided: of the values that a parameter allows, and of the
 * conditions that hang on an unknown value. Only what a resource depends on is asked.
 */
export function worldsOf(template: Template, given: Given): Worlds {
  const open: Assignment[] = [
    { choices: new Map(), values: knownValues(template, given), decisions: new Map() },
  ];
  const worlds: World[] = [];
  let incomplete = false;
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const { resources, question, conditions, openLoops } = resolveIn(template, next);
    // Beyond the limit the first answer stands for the others.
    const answers = question === undefined ? [] : answersTo(question, next, template);
    if (answers.length === 0) {
      worlds.push({ ...next, resources, conditions, openLoops });
      continue;
    }
    const room = Math.max(1, MAX_WORLDS - worlds.length - open.length);
    if (answers.length > room) incomplete = true;
    open.push(...answers.slice(0, room));
  }
  return { worlds, incomplete };
}

/** One resource of a world when some of its unknowns have the given values. */
export function resolveOneWith(
  template: Template,
  world: World,
  resource: ResolvedResource,
  values: ReadonlyMap<string, Node>,
): Node {
  const { environment } = environmentOf({ ...world, values: new Map([...world.values, ...values]) });
  return resolveResource(resource.written, resolverOf(template, environment));
}

function knownValues(
  template: Template,
  { parameters, region, account, everyAllowedValue }: Given,
): Map<string, Node> {
  const at = template.root;
  const values = new Map<string, Node>();
  for (const [name, text] of pseudoParameters(region, account)) values.set(name, scalar(text, at));
  for (const parameter of template.parameters.values()) {
    const fromOutside = parameters.get(parameter.name);
    const several = everyAllowedValue === true && parameter.allowedValues.length > 1;
    const value = fromOutside ?? (several ? undefined : parameter.default);
    // From the stack around it a nested one may get a reference, which is as unknown there.
    const resolved =
      value === undefined || value.kind === 'map' ? undefined : parameterValue(parameter, value);
    if (resolved !== undefined) values.set(parameter.name, resolved);
  }
  return values;
}

interface Resolution {
  readonly resources: readonly ResolvedResource[];
  readonly question: Question | undefined;
  readonly openLoops: readonly string[];
  readonly conditions: ReadonlyMap<string, boolean>;
}

function environmentOf({ values, decisions, conditions }: Assignment) {
  const unknowns = new Map<string, MetUnknown>();
  const questions: Question[] = [];
  const openLoops: string[] = [];
  let property: string | undefined;
  const environment: Environment = {
    known: (name) => values.get(name),
    decided: (key) => decisions.get(key),
    condition: (name) => conditions?.get(name),
    enter: (name) => {
      property = name;
    },
    met: (unknown) => unknowns.set(`${property} ${unknown.name}`, { ...unknown, property }),
    ask: (question) => {
      const asked = question.kind === 'value' ? values.has(question.name) : decisions.has(question.key);
      if (!asked) questions.push(question);
    },
    loopStaysOpen: (name) => openLoops.push(name),
  };
  return { environment, unknowns, questions, openLoops };
}

function resolveIn(template: Template, assignment: Assignment): Resolution {
  const { environment, unknowns, questions, openLoops } = environmentOf(assignment);
  const resolver = resolverOf(template, environment);
  const resources: ResolvedResource[] = [];
  for (const resource of resolveResources(resolver)) {
    resources.push({ ...resource, unknowns: [...unknowns.values()] });
    unknowns.clear();
  }
  return { resources, question: questions[0], conditions: resolver.knownConditions(), openLoops };
}

function answersTo(question: Question, assignment: Assignment, template: Template): Assignment[] {
  const { choices, values, decisions } = assignment;
  if (question.kind === 'value') {
    const parameter = template.parameters.get(question.name);
    return question.options.flatMap((option) => {
      const value = parameter === undefined ? option : parameterValue(parameter, option);
      if (value === undefined) return [];
      return [
        {
          choices: new Map([...choices, [question.name, `${question.name} is ${textOf(option) ?? 'given'}`]]),
          values: new Map([...values, [question.name, value]]),
          decisions,
        },
      ];
    });
  }
  const { equality, key, text } = question;
  const decide = (answer: boolean): ReadonlyMap<string, boolean> => new Map([...decisions, [key, answer]]);
  const parameter = equality === undefined ? undefined : template.parameters.get(equality.name);
  const value =
    equality === undefined
      ? undefined
      : parameter === undefined
        ? equality.value
        : parameterValue(parameter, equality.value);
  const [positive, negative] = [text, text.replace(/ is /, ' is not ')];
  return [
    {
      choices: new Map([
        ...choices,
        [equality?.name ?? key, equality === undefined ? `${text} holds` : positive],
      ]),
      values:
        equality === undefined || value === undefined ? values : new Map([...values, [equality.name, value]]),
      decisions: decide(true),
    },
    {
      choices: new Map([
        ...choices,
        [`not ${key}`, equality === undefined ? `${text} does not hold` : negative],
      ]),
      values,
      decisions: decide(false),
    },
  ];
}
