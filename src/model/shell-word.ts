/** A text as one word of a POSIX shell: what a person copies must not run what an attacker named something. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
