import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { setUp } from '../hosts/setup.ts';
import { configOf, loadConfig } from './config.ts';
import { STARTER } from './starter.ts';

const folder = mkdtempSync(join(tmpdir(), 'cordon-starter-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function load(text: string) {
  const file = join(folder, 'cordon.yaml');
  writeFileSync(file, text);
  const loaded = loadConfig(file);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.value;
}

describe('the cordon.yaml to begin with', () => {
  it('says what holds without it', () => {
    const { document: _, ...settings } = load(STARTER);
    expect(settings).toEqual(configOf({}, folder));
  });

  it('is right with every setting that it has as a comment, and nothing in it is armed', () => {
    const settings = STARTER.replace('sources: []', 'sources:').replaceAll(/^#(?=[a-z]| {2})/gm, '');
    expect(settings).not.toMatch(/^# {2}/m);
    const config = load(settings);
    expect(config.sources).toHaveLength(3);
    expect(config.bindings).toHaveLength(5);
    expect(config.audit.enabled).toBe(true);
    const modes = [...config.bindings, ...config.audit.bindings, config.approval.unapproved.all];
    expect(new Set(modes.map(({ mode }) => mode))).toEqual(new Set(['observe']));
    writeFileSync(join(folder, 'my-bad-ips.txt'), '198.51.100.7\n');
    const ready = setUp(config);
    expect(ready.ok ? [] : ready.problems).toEqual([]);
  });
});
