/** An error response with its S3 code. */
export class S3Failure extends Error {
  override readonly name = 'S3Failure';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string) {
    super(code);
    this.status = status;
    this.code = code;
  }
}

export const noSuchKey = (): S3Failure => new S3Failure(404, 'NoSuchKey');
export const noSuchUpload = (): S3Failure => new S3Failure(404, 'NoSuchUpload');
