import { isAbsolute, relative } from 'node:path';

/** From where the command was started, when it is below; forward slashes. */
export function shortFile(file: string): string {
  const short = isAbsolute(file) ? relative(process.cwd(), file) : file;
  return (short === '' || short.startsWith('..') ? file : short).replaceAll('\\', '/').replace(/^\.\//, '');
}
