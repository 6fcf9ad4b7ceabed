import type { Request, Response } from 'express';
import type { ByteSource } from '../../../application/ports/blob-store.ts';
import { DomainError } from '../../../domain/shared/domain-error.ts';
import { arrival, type ArrivalErrors } from '../../shared/arrival.ts';
import { BODY_CHUNKS } from '../../shared/chunk-budget.ts';
import { releaseMemory } from '../../shared/release-memory.ts';
import { sendContinue } from './answer.ts';
import { FormEnvelope } from './form-envelope.ts';
import { MinimumRate, type MinimumRateLimits } from './minimum-rate.ts';
import { countReceived } from './request-count.ts';
import { warnOf } from './request-log.ts';

const FORM_STORED =
  'an upload begins like a multipart form: the stored item includes the form and is not an image; send the bytes without a form';

const ARRIVAL_ERRORS: ArrivalErrors = {
  late: () => new DomainError('body-too-slow'),
  cutOff: (cause) => new DomainError('body-cut-off', undefined, { cause }),
};

/**
 * Returns the body of an upload. Iterating it sends `100 Continue`; stopping early keeps the
 * connection open for the answer. Each chunk is freed when the next one is asked for: copy what has
 * to stay. The chunks of a form, which its parser keeps, are not freed.
 *
 * @throws DomainError `body-cut-off` when the client disconnects, `body-too-slow` below the minimum
 *   rate
 */
export async function* uploadedBody(
  request: Request,
  response: Response,
  limits: MinimumRateLimits,
  isForm = false,
): ByteSource {
  sendContinue(request, response);
  const minimumRate = new MinimumRate(limits);
  const envelope = new FormEnvelope();
  while (!request.readableEnded) {
    if (request.readableLength > 0) await BODY_CHUNKS.acquire();
    const chunk = request.read() as Uint8Array | null;
    if (chunk !== null) {
      countReceived(response, chunk.length);
      if (!isForm && envelope.isFoundIn(chunk)) warnOf(response, FORM_STORED);
      yield chunk;
      if (!isForm) releaseMemory(chunk);
      continue;
    }
    const begun = performance.now();
    await arrival(request, minimumRate.maxWaitMs, ARRIVAL_ERRORS);
    if (!minimumRate.record(request.readableLength, performance.now() - begun)) throw new DomainError('body-too-slow');
  }
}
