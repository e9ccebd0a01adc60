/** `npm run kernel`: compiles `kernel.as.ts` to `wasm.ts`. A test holds the two together. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const SOURCE = fileURLToPath(new URL('./kernel.as.ts', import.meta.url));
const TARGET = fileURLToPath(new URL('./wasm.ts', import.meta.url));
const WIDTH = 100;

/** The compiled kernel as the text of a module. */
export async function kernelModule(): Promise<string> {
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [
      SOURCE,
      '-O3',
      '--runtime',
      'stub',
      '--enable',
      'simd',
      '--importMemory',
      '--noAssert',
      '-o',
      'kernel.wasm',
    ],
    {
      writeFile: (_name, contents) => {
        if (contents instanceof Uint8Array) binary = contents;
      },
    },
  );
  if (error !== null || binary === undefined) throw new Error(`the kernel does not compile: ${stderr}`);
  const text = Buffer.from(binary).toString('base64');
  const lines = text.match(new RegExp(`.{1,${WIDTH}}`, 'g')) ?? [];
  return `/** Compiled from kernel.as.ts by npm run kernel; WebAssembly in base64. */
export const KERNEL_WASM =
${lines.map((line) => `  '${line}'`).join(' +\n')};
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(TARGET, await kernelModule());
