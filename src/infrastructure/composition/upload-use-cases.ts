import { NodeDigests } from '../../adapters/digests/node-digests.ts';
import { AbortUpload } from '../../application/uploads/abort-upload.ts';
import { AppendToUpload } from '../../application/uploads/append-to-upload.ts';
import { CreateUpload } from '../../application/uploads/create-upload.ts';
import { ViewUpload } from '../../application/uploads/view-upload.ts';
import type { Config } from '../config/config.ts';
import type { Services } from './tokens.ts';

/** The services that the use cases behind resumable uploads need. */
type UploadServices = Pick<
  Services,
  | 'work'
  | 'stores'
  | 'pools'
  | 'random'
  | 'endUpload'
  | 'finishUpload'
  | 'metrics'
  | 'log'
  | 'uploadLeases'
  | 'uploadSessions'
  | 'uploadSlots'
> & { readonly config: Pick<Config, 'uploadLimits'> };

export interface UploadUseCases {
  readonly abortUpload: AbortUpload;
  readonly appendToUpload: AppendToUpload;
  readonly createUpload: CreateUpload;
  readonly viewUpload: ViewUpload;
}

/** Creates the use cases behind resumable uploads. */
export function uploadUseCases(services: UploadServices): UploadUseCases {
  const { work, stores, pools, random, endUpload, finishUpload, metrics, log, config } = services;
  const { uploadLeases, uploadSessions, uploadSlots } = services;
  const limits = config.uploadLimits;
  const viewUpload = new ViewUpload({ work, uploadLeases, endUpload });
  const appendToUpload = new AppendToUpload({
    work,
    uploadSlots,
    uploadLeases,
    uploadSessions,
    viewUpload,
    finishUpload,
    endUpload,
    digests: new NodeDigests(),
    metrics,
    log,
    limits,
  });
  return {
    abortUpload: new AbortUpload({ work, endUpload }),
    appendToUpload,
    createUpload: new CreateUpload({ work, stores, pools, random, appendToUpload, limits }),
    viewUpload,
  };
}
