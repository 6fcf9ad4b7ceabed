/** An error answer of the API: RFC 9457, with the numbers of the case. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly field?: string;
  readonly request_id: string | null;
  readonly needed_bytes?: number;
  readonly available_bytes?: number;
  readonly retry_after_seconds?: number;
}

/** Thrown for every answer that is not a success. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.name = 'ProblemError';
    this.problem = problem;
  }
}

/** Thrown when no answer arrived: the server or the network is away. */
export class NoAnswerError extends Error {
  constructor(cause: unknown) {
    super('The server does not answer.', { cause });
    this.name = 'NoAnswerError';
  }
}

/** Reads the problem of an answer; an answer of a proxy in front of Platter has none. */
export async function problemOf(response: Response): Promise<Problem> {
  const type = response.headers.get('content-type') ?? '';
  if (type.includes('application/problem+json')) return (await response.json()) as Problem;
  return {
    type: 'about:blank',
    title: response.statusText,
    status: response.status,
    detail: `The server answered ${String(response.status)} ${response.statusText}.`,
    code: 'unknown',
    request_id: response.headers.get('x-request-id'),
  };
}
