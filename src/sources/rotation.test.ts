import { appendFileSync, copyFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { flowRecord, type Stage, stage } from '../../test/scene.ts';

const lines = ({ honeypot }: Stage, from: number, count: number): string =>
  Array.from(
    { length: count },
    (_, index) =>
      `${flowRecord({ eni: honeypot.interfaceId, from: [honeypot.address, 40_000 + from + index], to: ['192.0.2.99', 25], action: 'ACCEPT', at: from + index })}\n`,
  ).join('');

async function counted(scene: Stage): Promise<number> {
  return scene.inStore(async (store) => {
    const [incident] = await store.incidents();
    return (await store.findings(incident?.id ?? '')).reduce((sum, { count }) => sum + count, 0);
  });
}

describe('a file that is rotated in a folder that is watched', () => {
  const rotate: [string, (path: (name: string) => string) => void][] = [
    ['to a name behind its own', (path) => renameSync(path('flow.log'), path('flow.log.1'))],
    ['to a name before its own', (path) => renameSync(path('flow.log'), path('flow-20261124.log'))],
  ];
  it.each(rotate)('%s: nothing twice, nothing lost', async (_, move) => {
    await using scene = await stage();
    const path = (name: string): string => join(scene.folder, 'logs', name);
    scene.log('flow.log', [lines(scene, 0, 60).trimEnd()]);
    await scene.watchOnce();
    expect(await counted(scene)).toBe(60);
    // The last records go into the old file after it was read; then it is renamed and a new one begun.
    appendFileSync(path('flow.log'), lines(scene, 60, 15));
    move(path);
    writeFileSync(path('flow.log'), lines(scene, 75, 5));
    await scene.watchOnce();
    expect(await counted(scene)).toBe(80);
    await scene.watchOnce();
    expect(await counted(scene)).toBe(80);
  });

  it('is found again although the new file comes later', async () => {
    await using scene = await stage();
    const path = (name: string): string => join(scene.folder, 'logs', name);
    scene.log('flow.log', [lines(scene, 0, 60).trimEnd()]);
    await scene.watchOnce();
    renameSync(path('flow.log'), path('flow.log.1'));
    await scene.watchOnce();
    writeFileSync(path('flow.log'), lines(scene, 60, 5));
    await scene.watchOnce();
    expect(await counted(scene)).toBe(65);
  });

  it('by copying and truncating: nothing twice, nothing lost', async () => {
    await using scene = await stage();
    const path = (name: string): string => join(scene.folder, 'logs', name);
    scene.log('flow.log', [lines(scene, 0, 60).trimEnd()]);
    await scene.watchOnce();
    copyFileSync(path('flow.log'), path('flow.log.1'));
    truncateSync(path('flow.log'));
    appendFileSync(path('flow.log'), lines(scene, 60, 5));
    await scene.watchOnce();
    expect(await counted(scene)).toBe(65);
  });

  it('and deleted: what comes under its name is read', async () => {
    await using scene = await stage();
    const path = scene.log('flow.log', [lines(scene, 0, 60).trimEnd()]);
    await scene.watchOnce();
    rmSync(path);
    await scene.watchOnce();
    writeFileSync(path, lines(scene, 60, 5));
    await scene.watchOnce();
    expect(await counted(scene)).toBe(65);
  });
});
