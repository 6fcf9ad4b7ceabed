import type { RequestHandler } from 'express';
import type { KeepAnswer } from '../../../application/access/keep-answer.ts';
import type { IdempotentRequests } from '../../../application/idempotency/idempotent-requests.ts';
import type { KeptAnswer } from '../../../domain/access/idempotency-key.ts';
import { isDomainError, isFailure } from '../../../domain/shared/domain-error.ts';
import { idempotencyKeyOf, requireNoKey } from '../shared/idempotency-key.ts';
import { PROBLEM_TYPE } from '../shared/problem-answer.ts';
import { problemOf } from '../shared/problems.ts';
import { requestIdOf } from '../shared/request-log.ts';
import { call, type Call, type Reply } from './call.ts';

/** Refusals that are over soon, or that a login ends. */
const PASSING: ReadonlySet<number> = new Set([401, 408, 423, 425, 429]);

/**
 * Returns the handler of a call that is made once per `Idempotency-Key`
 * (docs/api.md#repeating-a-request); its terms in `OPERATIONS` have `key: 'kept'`. `run` passes
 * `keep` to its use case, which calls it last in the transaction of the change; `reply` presents
 * the result.
 */
export function keyedCall<View>(
  requests: IdempotentRequests,
  run: (call: Call, keep: KeepAnswer<View>) => Promise<View>,
  reply: (view: View) => KeptAnswer,
): RequestHandler {
  return call(async (made) => {
    const { caller, request } = made;
    const key = idempotencyKeyOf(request, caller.token?.id ?? '');
    const answer = await requests.run<View>(caller, key, async (keep) => run(made, keep), { answer: reply, refusal });
    return answer.status < 400 ? answer : repeatedProblem(made, answer);
  });
}

/** Middleware of calls whose terms have `key: 'refused'`. */
export const refuseKey: RequestHandler = (request, _response, next) => {
  requireNoKey(request);
  next();
};

function refusal(error: unknown): KeptAnswer | null {
  if (!isDomainError(error) || isFailure(error, 'idempotency-key-busy')) return null;
  const problem = problemOf(error);
  const isKept = problem.status >= 400 && problem.status < 500 && !PASSING.has(problem.status);
  return isKept ? { status: problem.status, headers: {}, body: problem } : null;
}

function repeatedProblem({ request: { res } }: Call, { status, headers, body }: KeptAnswer): Reply {
  const id = res === undefined ? null : requestIdOf(res);
  return { status, headers, body: { ...body, request_id: id }, type: PROBLEM_TYPE };
}
