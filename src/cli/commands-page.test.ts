import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { cordon } from '../../test/command.ts';

const page = readFileSync(new URL('../../docs/commands.md', import.meta.url), 'utf8');
/** The first column of the table: what is typed. */
const typed = [...page.matchAll(/^\| (`cordon .*?) +\|/gm)].map(([, cell = '']) => cell);

/** Names of commands in a help text, and whether each has commands of its own. */
async function commandsOf(...command: string[]): Promise<{ name: string; isGroup: boolean }[]> {
  const { stdout } = await cordon([...command, '--help'], { cwd: tmpdir() });
  const [list = ''] = (stdout.split('\nCommands:\n')[1] ?? '').split('\n\n');
  return [...list.matchAll(/^ {2}([a-z][a-z-]*)( \[options\])?/gm)]
    .map(([, name = '', options]) => ({ name, isGroup: options === undefined }))
    .filter(({ name }) => name !== 'help');
}

describe('docs/commands.md', () => {
  it('has every command, and no other', async () => {
    const commands = await commandsOf();
    const names = commands.map(({ name }) => name);
    expect(names).toContain('watch');
    const onPage = typed.flatMap((cell) => [...cell.matchAll(/`cordon ([a-z-]+)/g)].map(([, name]) => name));
    expect([...new Set(onPage)].sort()).toEqual(names.sort());
  });

  it('has every command of a group in its row', async () => {
    const groups = (await commandsOf()).filter(({ isGroup }) => isGroup);
    expect(groups.map(({ name }) => name)).toContain('audit');
    await Promise.all(
      groups.map(async ({ name: group }) => {
        const [row = '', ...others] = typed.filter((cell) => cell.startsWith(`\`cordon ${group} `));
        expect(others).toEqual([]);
        const told = [...row.replace(`cordon ${group} `, '').matchAll(/`([a-z-]+)/g)].map(([, name]) => name);
        const commands = await commandsOf(group);
        expect(commands.length, group).toBeGreaterThan(0);
        expect(told.sort(), group).toEqual(commands.map(({ name }) => name).sort());
      }),
    );
  }, 60_000);

  it('leads to pages and headings that are there', () => {
    for (const [, file = '', heading] of page.matchAll(/\]\(([a-z-]+\.md)?(?:#([a-z0-9-]+))?\)/g)) {
      const text = file === '' ? page : readFileSync(new URL(`../../docs/${file}`, import.meta.url), 'utf8');
      const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
        title
          .toLowerCase()
          .replaceAll(/[^\w\s-]/g, '')
          .replaceAll(' ', '-'),
      );
      if (heading !== undefined) expect(headings, file).toContain(heading);
    }
  });
});
