import type { IncomingMessage } from 'node:http';
import { CommandFailure, type ExitReason } from '../command-failure.ts';
import { printable } from '../values/printable.ts';
import { textOf } from './http.ts';

/** An error response of the API (RFC 9457). */
export class ApiProblem extends CommandFailure {
  readonly status: number;
  /** The code of the API, or null when something in front of it responded. */
  readonly code: string | null;
  /** What `Retry-After` says, in seconds; null without. */
  readonly retryAfterSeconds: number | null;

  constructor(response: IncomingMessage, text: string) {
    const status = response.statusCode ?? 0;
    const { code = null, title, detail } = problemIn(text);
    const message = [title, detail].filter((part) => part !== undefined).join(': ');
    const { location } = response.headers;
    super(
      reasonOf(status, code, text),
      message === ''
        ? `the server responded with status ${status}${location === undefined ? '' : `, which leads to ${printable(location)}`}`
        : printable(message),
      adviceOf(status, code, text),
    );
    this.status = status;
    this.code = code;
    this.retryAfterSeconds = secondsIn(response.headers['retry-after']);
  }
}

/** Reads an error response to its end and returns its failure. */
export async function problemOf(response: IncomingMessage): Promise<ApiProblem> {
  return new ApiProblem(response, await textOf(response).catch(() => ''));
}

const LOG_IN = 'Run "platter login URL", or set PLATTER_URL and PLATTER_TOKEN.';
const ADVICE: Readonly<Record<string, string>> = {
  'not-authenticated': LOG_IN,
  'authkey-unknown': LOG_IN,
  'authkey-expired': LOG_IN,
  'scope-missing': 'Run "platter login --scope admin URL" for a token that may do more.',
  'quota-exceeded': 'Delete media, or ask for a larger quota.',
  'no-space': 'Tell the operator of the server.',
  'permission-not-found': 'Run "platter user show" for those that you hold.',
};

const NO_SPACE: readonly (string | null)[] = ['quota-exceeded', 'no-space', 'too-many-possessions', 'body-too-large'];

/**
 * Returns whether the server does not know a call: an older one, or another service. A response to
 * HEAD has no text, and says nothing about that.
 */
function isUnknownCall(status: number, code: string | null, text: string): boolean {
  if (code !== null) return code === 'no-such-path' || code === 'wrong-method';
  return (status === 404 || status === 405) && text !== '';
}

function adviceOf(status: number, code: string | null, text: string): string | null {
  if (isUnknownCall(status, code, text)) {
    return 'Check the address. If it is right, the server is older than this command and does not know it.';
  }
  if (code === null && status >= 300 && status < 400) return 'Use the address that it leads to.';
  return code === null ? null : (ADVICE[code] ?? null);
}

/** Returns why something failed, from the code of the API alone. */
export function reasonOfCode(code: string | null): ExitReason {
  if (code === 'permission-missing') return 'noRights';
  return NO_SPACE.includes(code) ? 'noSpace' : 'failed';
}

function reasonOf(status: number, code: string | null, text: string): ExitReason {
  if (isUnknownCall(status, code, text)) return 'failed';
  if (reasonOfCode(code) === 'noSpace' || status === 507) return 'noSpace';
  if (status === 401 || status === 403) return 'noRights';
  if (status === 404 || status === 410) return 'notFound';
  if (status === 502 || status === 503 || status === 504) return 'network';
  return 'failed';
}

interface Problem {
  readonly code?: string;
  readonly title?: string;
  readonly detail?: string;
}

function problemIn(text: string): Problem {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null) return {};
    const texts = Object.entries(parsed).filter(([, value]) => typeof value === 'string');
    return Object.fromEntries(texts);
  } catch {
    return {};
  }
}

function secondsIn(header: string | undefined): number | null {
  return header !== undefined && /^\d{1,6}$/.test(header) ? Number(header) : null;
}
