import type { RequestHandler } from 'express';
import type { AppendToUpload } from '../../../application/uploads/append-to-upload.ts';
import type { CreateUpload } from '../../../application/uploads/create-upload.ts';
import { DomainError } from '../../../domain/shared/domain-error.ts';
import { signalOf } from '../shared/abort.ts';
import { announcesBody } from '../shared/answer.ts';
import type { MinimumRateLimits } from '../shared/minimum-rate.ts';
import { answerEmpty, uploadHeaders } from './answer.ts';
import { appendBody } from './append-body.ts';
import type { CallerOf } from './callers.ts';
import { parseUploadOrder } from './upload-order.ts';

/** `POST /uploads/`: creates an upload, and appends the body if there is one. */
export function postUpload(
  callerOf: CallerOf,
  createUpload: Pick<CreateUpload, 'run'>,
  appendToUpload: Pick<AppendToUpload, 'run'>,
  maxBytes: number,
  minimumRate: MinimumRateLimits,
): RequestHandler {
  return async (request, response) => {
    const caller = await callerOf(request);
    const order = parseUploadOrder(request, maxBytes);
    const body = announcesBody(request) ? appendBody(request, response, minimumRate) : null;
    // Nothing is created of a request that cannot succeed.
    if ((body?.length ?? 0) > order.length) throw new DomainError('body-too-long', { promised: order.length });
    const created = await createUpload.run(caller, order);
    // Without a single byte it is finished at once.
    const upload =
      body === null || created.media !== null
        ? created
        : await appendToUpload.run(caller, created.id, created.offset, body, signalOf(request, response));
    answerEmpty(request, response, 201, { ...uploadHeaders(upload), Location: `/uploads/${upload.id}` });
  };
}
