/**
 * Whether a text is one that a pattern stands for: `*` any characters, `?` one. In time linear in the
 * text for each star, whatever both say: the text is an attacker's.
 */
export function matchesGlob(text: string, pattern: string): boolean {
  let at = 0;
  let wanted = 0;
  let star = -1;
  let from = 0;
  while (at < text.length) {
    const sign = pattern[wanted];
    if (sign === '*') {
      star = wanted++;
      from = at;
    } else if (sign !== undefined && (sign === '?' || sign === text[at])) {
      at++;
      wanted++;
    } else if (star !== -1) {
      wanted = star + 1;
      at = ++from;
    } else return false;
  }
  while (pattern[wanted] === '*') wanted++;
  return wanted === pattern.length;
}

/**
 * Each of the six parts of an ARN by itself, so that no star goes on behind a colon.
 * Source: IAM User Guide, "IAM JSON policy elements: Condition operators", ArnLike.
 */
export function matchesArn(arn: string, pattern: string): boolean {
  const parts = partsOf(arn);
  const patterns = partsOf(pattern);
  return (
    parts.length === 6 &&
    patterns.length === 6 &&
    parts.every((part, at) => matchesGlob(part, patterns[at] ?? ''))
  );
}

function partsOf(arn: string): string[] {
  const parts = arn.split(':');
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
}
