/** An error as AWS answers it. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly code: string;
  /** HTTP status. */
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export function badParameter(message: string): AwsError {
  return new AwsError('InvalidParameterValue', message);
}
