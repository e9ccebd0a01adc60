/**
 * Text as Sigma compares it where case does not count. The final form of the Greek sigma is the
 * same letter: `toLowerCase` would choose it by what stands beside it, so that a part of a text
 * would not fold as it does in the whole.
 */
export function fold(text: string): string {
  const lower = text.toLowerCase();
  return lower.includes('ς') ? lower.replaceAll('ς', 'σ') : lower;
}
