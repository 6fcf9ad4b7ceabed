import createClient from 'openapi-fetch';
import type { paths } from '../../../src/client/api/v1.d.ts';
import { signInAgain } from '../session/signed-out.ts';
import { NoAnswerError, problemOf, ProblemError } from './problem.ts';

const UNAUTHORIZED = 401;

/**
 * Calls of `/v1`. Each resolves with the body of a success.
 *
 * A request that finds the session ended waits until the user has signed in again, and is then sent
 * once more, so that no work is lost.
 *
 * @throws ProblemError for an error answer
 * @throws NoAnswerError if there is no answer
 */
export const api = createClient<paths>({ baseUrl: '/', fetch: fetchSignedIn });

async function fetchSignedIn(request: Request): Promise<Response> {
  const again = request.clone();
  const response = await answerTo(request);
  if (response.status !== UNAUTHORIZED || isLogin(request)) return successOf(response);
  const problem = await problemOf(response);
  // The password in the request was wrong, not the session.
  if (problem.code === 'wrong-credentials') throw new ProblemError(problem);
  await signInAgain();
  return successOf(await answerTo(again));
}

async function answerTo(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    if (request.signal.aborted) throw error;
    throw new NoAnswerError(error);
  }
}

async function successOf(response: Response): Promise<Response> {
  if (!response.ok) throw new ProblemError(await problemOf(response));
  return response;
}

/** The calls that decide whether there is a session get their 401 themselves. */
function isLogin({ url }: Request): boolean {
  return new URL(url).pathname === '/v1/session';
}

/** Returns the body of a call of `api`, which throws on failures itself. */
export async function bodyOf<T>(call: Promise<{ readonly data?: T }>): Promise<T> {
  const { data } = await call;
  return data as T;
}
