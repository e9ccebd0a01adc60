import type { Playbook, Step } from './playbook.ts';
import { stepText } from './tree.ts';

/** Where the way goes on: from a node, with a word on the arrow. */
interface Exit {
  readonly node: string;
  readonly label?: string;
}

interface Drawing {
  readonly lines: string[];
  /** Draws a node between two brackets, and gives its name. */
  node(text: string, open: string, close: string, className?: string): string;
}

/** The steps of a playbook as a flowchart of Mermaid. */
export function mermaidOf({ title, steps }: Pick<Playbook, 'title' | 'steps'>): string {
  const drawing = newDrawing();
  const start = drawing.node(title, '([', '])');
  const exits = drawSteps(steps, [{ node: start }], drawing);
  connect(exits, drawing.node('done', '([', '])'), drawing);
  const style = 'classDef irreversible stroke:#c00,stroke-width:3px';
  return `${['flowchart TD', ...drawing.lines.map((line) => `  ${line}`), `  ${style}`].join('\n')}\n`;
}

function newDrawing(): Drawing {
  const lines: string[] = [];
  let count = 0;
  return {
    lines,
    node(text, open, close, className) {
      const name = `n${count++}`;
      lines.push(`${name}${open}"${label(text)}"${close}${className === undefined ? '' : `:::${className}`}`);
      return name;
    },
  };
}

/**
 * A text that is nothing but a text in Mermaid, whoever wrote it: all but letters, digits and a few signs
 * are written as numbers. Source: Mermaid, "Flowcharts", entity codes to escape characters.
 */
function label(text: string): string {
  return text.replace(/[^\p{L}\p{N} .,:/_-]/gu, (character) => `#${character.codePointAt(0)};`);
}

function connect(exits: readonly Exit[], to: string, { lines }: Drawing): void {
  for (const { node, label: word } of exits)
    lines.push(word === undefined ? `${node} --> ${to}` : `${node} -->|"${word}"| ${to}`);
}

function drawSteps(steps: readonly Step[], from: readonly Exit[], drawing: Drawing): readonly Exit[] {
  let exits = from;
  for (const step of steps) {
    const { condition } = step;
    if (condition === undefined) {
      exits = drawStep(step, exits, drawing);
      continue;
    }
    const asked = drawing.node(condition.text, '{', '}');
    connect(exits, asked, drawing);
    const done = drawStep(step, [{ node: asked, label: 'yes' }], drawing);
    exits = [...done, { node: asked, label: 'no' }];
  }
  return exits;
}

function drawStep(step: Step, from: readonly Exit[], drawing: Drawing): readonly Exit[] {
  const text = stepText(step);
  switch (step.kind) {
    case 'action': {
      const className = step.action.effect === 'irreversible' ? 'irreversible' : undefined;
      const node = drawing.node(text, '[', ']', className);
      connect(from, node, drawing);
      const { steps, afterwards } = step.onFailure;
      if (steps.length === 0) return [{ node }];
      const failed = drawSteps(steps, [{ node, label: 'fails' }], drawing);
      if (afterwards === 'continue') return [{ node }, ...failed];
      const asks = drawing.node('a person decides', '{{', '}}');
      connect(failed, asks, drawing);
      drawing.lines.push(`${asks} -->|"try again"| ${node}`);
      return [{ node }];
    }
    case 'parallel': {
      const fork = drawing.node(text, '[/', '/]');
      connect(from, fork, drawing);
      const ends = step.branches.flatMap(({ name, steps }) =>
        drawSteps(steps, [{ node: fork, label: name }], drawing),
      );
      const join = drawing.node('all are done', '[\\', '\\]');
      connect(ends, join, drawing);
      return [{ node: join }];
    }
    default: {
      const node = step.kind === 'wait' ? drawing.node(text, '(', ')') : drawing.node(text, '{{', '}}');
      connect(from, node, drawing);
      return [{ node }];
    }
  }
}
