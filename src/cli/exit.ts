/** What a command's exit code says; the same for every command. */
export const EXIT = {
  /** It was done, and the answer is yes. */
  ok: 0,
  /** It was done, and the answer is no: a finding, a broken ledger, a failed drill, no such case. */
  no: 1,
  /** A file or an argument is wrong: nothing was done. */
  badInput: 2,
  /** It could not be done: AWS does not answer, the disk is full, another process is at work. */
  failed: 3,
} as const;

export const EXIT_HELP = `
Exit codes:
  0  done, and the answer is yes
  1  done, and the answer is no (a finding, a broken ledger, a failed drill, no such case)
  2  a file or an argument is wrong; nothing was done
  3  it could not be done (AWS does not answer, another process is at work)`;
