const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/**
 * Text that is safe on a terminal and in a report: control characters, escapes and
 * bidirectional marks become visible `\u{…}`; longer text is cut with an ellipsis.
 */
export function printable(text: string, limit = Number.POSITIVE_INFINITY, keep = ''): string {
  const cut = text.length > limit ? `${text.slice(0, limit)}…` : text;
  return cut.replace(UNSAFE, (character) =>
    keep.includes(character) ? character : `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}
