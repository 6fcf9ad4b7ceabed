import type { Action } from '../../../domain/audit/audit-event.ts';
import type { FailureCode } from '../../../domain/shared/domain-error.ts';
import { basicCredentials } from '../shared/basic-credentials.ts';
import { knownCaller } from '../shared/callers.ts';
import { failedLogin, type DeniedAttemptOf } from '../shared/denied-attempts.ts';
import type { Operation } from './operations.ts';
import { uploadId } from './upload.ts';

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

/** Returns the denied attempt that a failed call is, for the audit. */
export const deniedAttemptOf: DeniedAttemptOf = (request, response, error) => {
  const operation = response.locals.operation as Operation | undefined;
  const by = knownCaller(request);
  if (by === null) return failedLogin(request, 'tus', error, basicCredentials(request)?.name);
  const action = operation === undefined ? null : ACTIONS[operation];
  if (action === null || ORDINARY.has(error.code)) return null;
  const media = uploadId(request);
  return { by, event: { action, ...(media === null ? {} : { media }) } };
};
