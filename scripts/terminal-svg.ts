import { text } from 'node:stream/consumers';

/**
 * Draws what a command printed, with its colours, as a picture for a page:
 * `FORCE_COLOR=1 npm run -s drill | npm run -s picture -- 'npm run drill' > docs/drill.svg`.
 * With a second word only what follows the last line that begins with it, that line included.
 */
const [title = '', from] = process.argv.slice(2);

const LINE = 18;
/** Width of a character of a monospaced font of 13 px. */
const CHARACTER = 7.83;
const PLAIN = '#e6edf3';
const DIM = '#8b949e';
/** Source: ECMA-48, "SGR: select graphic rendition". */
const COLOURS: Readonly<Record<string, string>> = {
  31: '#ff7b72',
  32: '#3fb950',
  33: '#e3b341',
  34: '#79c0ff',
  35: '#d2a8ff',
  36: '#56d4dd',
  90: DIM,
};
const escaped = (part: string) => part.replaceAll(/[&<>]/g, (character) => NAMES[character] ?? '');
const NAMES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

interface Look {
  colour?: string | undefined;
  bold?: boolean;
  dim?: boolean;
}

function changed(look: Look, code: string): Look {
  if (code === '1') return { ...look, bold: true };
  if (code === '2') return { ...look, dim: true };
  if (code === '22') return { ...look, bold: false, dim: false };
  if (code === '39') return { ...look, colour: undefined };
  if (code === '0' || code === '') return {};
  return { ...look, colour: COLOURS[code] ?? look.colour };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: this is how a terminal is told colours
const CODE = /\x1b\[([\d;]*)m/;

const printed = (await text(process.stdin)).trimEnd().split('\n');
const bare = printed.map((line) => line.replaceAll(new RegExp(CODE, 'g'), ''));
const start = from === undefined ? 0 : bare.findLastIndex((line) => line.startsWith(from));
if (start < 0) throw new Error(`no line begins with ${from}`);
const shown = printed.slice(start);

let look: Look = {};
const lines = shown.map((line, row) => {
  const spans = line.split(CODE).map((part, index) => {
    if (index % 2 === 1) {
      look = part.split(';').reduce(changed, look);
      return '';
    }
    if (part === '') return '';
    const weight = look.bold === true ? ' font-weight="700"' : '';
    return `<tspan fill="${look.colour ?? (look.dim === true ? DIM : PLAIN)}"${weight}>${escaped(part)}</tspan>`;
  });
  return `<text x="20" y="${58 + row * LINE}" xml:space="preserve">${spans.join('')}</text>`;
});

const width = Math.ceil(
  40 + Math.max(title.length + 10, ...bare.slice(start).map((line) => line.length)) * CHARACTER,
);
const height = 64 + lines.length * LINE;
process.stdout.write(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="13">
<title>The output of ${escaped(title)}</title>
<rect width="${width}" height="${height}" rx="10" fill="#0d1117"/>
<circle cx="22" cy="22" r="6" fill="#ff5f57"/><circle cx="42" cy="22" r="6" fill="#febc2e"/><circle cx="62" cy="22" r="6" fill="#28c840"/>
<text x="90" y="26" fill="${DIM}">${escaped(title)}</text>
${lines.join('\n')}
</svg>
`);
