/** `npm run build`: what is run from `dist/`. */
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = fileURLToPath(new URL('../dist', import.meta.url));

/** What is started from outside: the command, its threads, and the handlers of Lambda functions. */
const ENTRIES = ['cli/main', 'hosts/scan-worker', 'hosts/lambda-hook', 'hosts/lambda-door'];

rmSync(dist, { recursive: true, force: true });
// A command loads dozens of modules of ours, and Node needs longer to find them than to run them.
const bundle = await rolldown({
  cwd: root,
  platform: 'node',
  input: Object.fromEntries(ENTRIES.map((name) => [name, `src/${name}.ts`])),
  // Dependencies stay packages: what is installed is what npm lists and audits.
  external: /^[^./]/,
  transform: { target: 'es2024' },
  onLog(level, log, report) {
    // Some commands load others late, which the first page of help loads early.
    if (log.code !== 'INEFFECTIVE_DYNAMIC_IMPORT') report(level === 'warn' ? 'error' : level, log);
  },
});
const { output } = await bundle.write({
  dir: dist,
  sourcemap: true,
  entryFileNames: '[name].js',
  // In a folder like the sources: the package's own files are found from `import.meta.url`.
  chunkFileNames: 'hosts/[name]-[hash].js',
});
await bundle.close();
console.log(`dist: ${output.filter(({ type }) => type === 'chunk').length} files`);
