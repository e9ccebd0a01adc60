import { failed, ok, type Problem, problemAt, type Result, type SourceText } from '../model/problem.ts';
import { nearest } from '../yaml/nearest.ts';
import { ClauseParser } from './parse-clause.ts';
import { regexLimit } from './regex.ts';
import { Scanner, SyntaxFault } from './scanner.ts';
import type { Assignment, Clause, Conditions, GuardFile, Rule, Span } from './syntax.ts';
import { capturesKeys, literalsOf, referencesOf } from './walk.ts';

/** The name of the rule that the clauses outside of any rule make. */
const DEFAULT_RULE = 'default';

const PROBLEMS_LIMIT = 20;

/** Reads a Guard rule file. After a fault it goes on at the next rule, so that one run shows every fault. */
export function parseGuard(source: SourceText): Result<GuardFile> {
  const warnings: Problem[] = [];
  const problems: Problem[] = [];
  const warn = (span: Span, message: string, fix?: string): void => {
    warnings.push(problemAt(source, ...span, message, { fix }));
  };
  const scanner = new Scanner(source);
  const file = new FileParser(scanner, new ClauseParser(scanner, warn));
  for (;;) {
    try {
      file.read();
      break;
    } catch (fault) {
      if (!(fault instanceof SyntaxFault)) throw fault;
      const { message, start, end, expected, fix } = fault;
      problems.push(problemAt(source, start, end, message, { expected, fix }));
      if (problems.length >= PROBLEMS_LIMIT || !skipToRule(scanner, fault.start)) break;
    }
  }
  if (problems.length > 0) return failed(problems);
  const rules = file.allRules();
  if (rules.length === 0 && file.parameterized.length === 0 && file.assignments.length === 0) {
    return failed([problemAt(source, 0, 1, 'the file has no rule', { expected: 'rule name { … }' })]);
  }
  const read = { assignments: file.assignments, rules, parameterized: file.parameterized };
  const guard: GuardFile = { source, ...read, captures: capturesKeys(read), warnings };
  warnOfDangling(guard, warn);
  return ok(guard);
}

class FileParser {
  readonly assignments: Assignment[] = [];
  readonly parameterized: Rule[] = [];
  private readonly rules: Rule[] = [];
  private readonly loose: Clause[][] = [];
  private looseSpan: Span | undefined;
  private readonly scanner: Scanner;
  private readonly clauses: ClauseParser;

  constructor(scanner: Scanner, clauses: ClauseParser) {
    this.scanner = scanner;
    this.clauses = clauses;
  }

  read(): void {
    const { scanner } = this;
    for (scanner.space(); !scanner.ended; scanner.space()) {
      const assignment = this.clauses.assignment();
      if (assignment !== undefined) this.assignments.push(assignment);
      else if (!this.rule()) this.looseClauses();
    }
  }

  allRules(): Rule[] {
    const { loose, looseSpan, rules } = this;
    if (looseSpan === undefined) return rules;
    const clauses: Conditions = loose;
    const block = { assignments: [], clauses };
    return [{ name: DEFAULT_RULE, span: looseSpan, parameters: [], block }, ...rules];
  }

  private looseClauses(): void {
    const begun = this.scanner.at;
    this.loose.push(this.clauses.alternatives('file'));
    this.looseSpan ??= [begun, begun + this.scanner.text.slice(begun).search(/\s|$/)];
  }

  /** `rule name when … { … }`, `rule name(parameter, …) { … }` */
  private rule(): boolean {
    const { scanner, clauses } = this;
    const begins = scanner.attempt(() =>
      scanner.takeWord('rule') && scanner.space() && !/^[=!<>]/.test(scanner.text[scanner.at] ?? '')
        ? true
        : undefined,
    );
    if (begins === undefined) return false;
    const begun = scanner.at;
    const name = scanner.name();
    if (name === undefined) {
      throw scanner.fault(`${scanner.found()} is no name of a rule`, {
        expected: 'a letter, then letters, digits and _',
      });
    }
    const span: Span = [begun, scanner.at];
    const parameters = this.parameters();
    const when = clauses.when();
    const block = clauses.block('rule', `rule ${name}`);
    const rule = { name, span, parameters: parameters ?? [], block, ...(when === undefined ? {} : { when }) };
    (parameters === undefined ? this.rules : this.parameterized).push(rule);
    return true;
  }

  private parameters(): string[] | undefined {
    const { scanner } = this;
    if (!scanner.take('(')) return undefined;
    const names: string[] = [];
    do {
      scanner.space();
      const name = scanner.name();
      if (name === undefined) throw scanner.fault(`${scanner.found()} is no name of a parameter`);
      if (!names.includes(name)) names.push(name);
    } while (scanner.takeAfterSpace(','));
    scanner.expect(')', 'the list of parameters');
    return names;
  }
}

/** Moves to the next line that begins a rule behind a fault. */
function skipToRule(scanner: Scanner, from: number): boolean {
  const next = /^rule\s/m;
  const newline = scanner.text.indexOf('\n', Math.max(from, scanner.at - 1));
  if (newline === -1) return false;
  const found = next.exec(scanner.text.slice(newline + 1));
  if (found === null) return false;
  scanner.at = newline + 1 + found.index;
  return true;
}

/** Names of rules that nothing has, and patterns that RE2 cannot run: an error only for the rule that reaches them. */
function warnOfDangling(guard: GuardFile, warn: (span: Span, message: string, fix?: string) => void): void {
  const rules = guard.rules.map(({ name }) => name);
  const parameterized = guard.parameterized.map(({ name }) => name);
  for (const { name, span, called } of referencesOf(guard)) {
    const known = called ? parameterized : rules;
    if (!known.includes(name)) {
      warn(span, `there is no ${called ? 'parameterized ' : ''}rule ${name}`, nearest(name, known));
    }
  }
  for (const literal of literalsOf(guard)) {
    const limit = literal.kind === 'regex' ? regexLimit(literal.value) : undefined;
    if (limit === undefined || literal.kind !== 'regex') continue;
    const at = Math.max(0, guard.source.text.indexOf(literal.value));
    warn([at, at + literal.value.length], `this pattern has no linear-time form: ${limit}`);
  }
}
