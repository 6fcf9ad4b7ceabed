import type { Request, Response } from 'express';
import type { ByteSource } from '../../../application/ports/blob-store.ts';
import { DomainError } from '../../../domain/shared/domain-error.ts';
import { inviteBody } from './answer.ts';

/** The body of an upload. Iterating it invites the client to send; leaving it early keeps the connection, so that an answer still gets through. */
export async function* uploadedBody(request: Request, response: Response): ByteSource {
  inviteBody(request, response);
  try {
    yield* request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw new DomainError('body-cut-off', undefined, { cause: error });
  }
}
