import type { Request, RequestHandler, Response } from 'express';
import type { Action, Subjects } from '../../../domain/audit/audit-event.ts';
import { isFailure, type DomainError, type FailureCode } from '../../../domain/shared/domain-error.ts';
import type { UploadId } from '../../../domain/uploads/upload.ts';
import { basicCredentials } from '../shared/basic-credentials.ts';
import { knownCaller } from '../shared/callers.ts';
import { failedLogin, type DeniedAttemptOf } from '../shared/denied-attempts.ts';
import type { Operation } from './operations.ts';
import { uploadId } from './upload.ts';
import { parseUploadOrder } from './upload-order.ts';

/** The audit action of each call; null for a call that changes nothing. */
export const ACTIONS: Readonly<Record<Operation, Action | null>> = {
  'POST /': 'upload.create',
  'HEAD /{id}': null,
  'PATCH /{id}': 'media.upload',
  'DELETE /{id}': 'upload.abort',
};

/** Failures that belong to every upload over a bad connection: the client continues. */
const ORDINARY: ReadonlySet<FailureCode> = new Set([
  'upload-offset-mismatch',
  'upload-locked',
  'upload-verifying',
  'checksum-mismatch',
  'body-cut-off',
  'body-too-slow',
]);

interface NotedCall {
  readonly operation: Operation;
  readonly upload: UploadId | null;
}

const CALLS = new WeakMap<Response, NotedCall>();

/** Middleware. Records the call of a request while its path is at hand. */
export function noteOperation(operation: Operation): RequestHandler {
  return (request, response, next) => {
    CALLS.set(response, { operation, upload: uploadId(request) });
    next();
  };
}

/** Returns the denied attempt that a failed call is, for the audit. */
export const deniedAttemptOf: DeniedAttemptOf = (request, response, error) => {
  const by = knownCaller(request);
  if (by === null) return failedLogin(request, 'tus', error, basicCredentials(request)?.name);
  const call = CALLS.get(response);
  const action = call && ACTIONS[call.operation];
  if (call === undefined || action == null || ORDINARY.has(error.code) || isAuditedEnd(error)) return null;
  return { by, event: { action, ...subjectsOf(request, call) } };
};

/** Whether an upload ended with a failure of its bytes: the audit has the end of the upload. */
function isAuditedEnd(error: DomainError): boolean {
  if (isFailure(error, 'quota-exceeded')) return 'growsTo' in error.detail;
  return isFailure(error, 'digest-mismatch') || isFailure(error, 'format-refused');
}

function subjectsOf(request: Request, { operation, upload }: NotedCall): Subjects {
  if (operation !== 'POST /') return upload === null ? {} : { media: upload };
  // Use cases run only for a creation that could be parsed.
  const { group, pool } = parseUploadOrder(request, Infinity);
  return { group, ...(pool === null ? {} : { pool }) };
}
