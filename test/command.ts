import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));

export interface CommandResult {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly cwd: string;
  readonly env?: Record<string, string>;
  /** A module of this folder that is loaded before the command. */
  readonly preload?: string;
  /** Hears of what is printed, and may send a signal. */
  readonly onLine?: (text: string, stop: (signal: NodeJS.Signals) => void) => void;
}

/** Runs the real command in a process of its own. */
export function cordon(
  args: readonly string[],
  { cwd, env = {}, preload, onLine }: CommandOptions,
): Promise<CommandResult> {
  const flags = preload === undefined ? [] : ['--import', new URL(preload, import.meta.url).href];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...flags, MAIN, ...args], {
      cwd,
      env: { ...process.env, NO_COLOR: '1', ...env },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      onLine?.(text, (signal) => child.kill(signal));
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.once('error', reject);
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal, stdout, stderr }));
  });
}

/** A watch of what is there that dies at one instant, as `crash-at.ts` reads it; `never` lets it live. */
export function crashingWatch(cwd: string, crash: string): Promise<CommandResult> {
  return cordon(['watch', '--once', '--json'], {
    cwd,
    preload: './crash-at.ts',
    env: { CORDON_CRASH: crash },
  });
}
