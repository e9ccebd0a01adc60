const TOKENS: Readonly<Record<string, string>> = {
  account: '(?<account>\\d{12})',
  region: '(?<region>[a-z]{2,4}(?:-[a-z]+)+-\\d{1,2})',
  resource: '(?<resource>[^_/]+)',
  organization: '(?:o-[a-z0-9]{10,32}/)?',
  date: '\\d{4}/\\d{2}/\\d{2}',
  time: '\\d{8}T\\d{4}Z',
};

/**
 * How the objects of a log format are named, as AWS documents it: `{account}_vpcflowlogs_{region}_`
 * is how a file's name begins, and what has a slash are folders in a row, wherever in the path.
 * Everything that is no `{token}` is a regular expression.
 */
export function keyLayout(text: string): RegExp {
  const pattern = text.replace(/\{([a-z]+)\}/g, (whole, token: string) => TOKENS[token] ?? whole);
  return new RegExp(`(?:^|/)${pattern}${text.includes('/') ? '' : '[^/]*$'}`);
}
