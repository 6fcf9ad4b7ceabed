import { ChunkRequests } from '../../application/drives/chunk-requests.ts';
import { InitializeUploads } from '../../application/drives/initialize-uploads.ts';
import { OpenChunkLink } from '../../application/drives/open-chunk-link.ts';
import { ReceiveChunk } from '../../application/drives/receive-chunk.ts';
import { SignChunkLink } from '../../application/drives/sign-chunk-link.ts';
import { ViewChunk } from '../../application/drives/view-chunk.ts';
import { ChunkRecords } from '../../application/uploads/chunk-records.ts';
import type { Config } from '../config/config.ts';
import type { Services } from './tokens.ts';

/** The services that the use cases behind chunked uploads need. */
type ChunkServices = Pick<
  Services,
  | 'work'
  | 'stores'
  | 'pools'
  | 'random'
  | 'endUpload'
  | 'chunkLeases'
  | 'chunkLinks'
  | 'chunkSessions'
  | 'uploadCompletion'
  | 'uploadSlots'
> & { readonly config: Pick<Config, 'uploadLimits'> };

export interface ChunkUseCases {
  readonly initializeUploads: InitializeUploads;
  readonly openChunkLink: OpenChunkLink;
  readonly receiveChunk: ReceiveChunk;
  readonly signChunkLink: SignChunkLink;
  readonly viewChunk: ViewChunk;
}

/** Creates the use cases behind chunked uploads. */
export function chunkUseCases(services: ChunkServices): ChunkUseCases {
  const { work, stores, pools, random, endUpload, config } = services;
  const { chunkLeases, chunkLinks, chunkSessions, uploadCompletion, uploadSlots } = services;
  const limits = config.uploadLimits;
  const chunkRequests = new ChunkRequests({ work, endUpload });
  return {
    initializeUploads: new InitializeUploads({ work, stores, pools, random, limits }),
    openChunkLink: new OpenChunkLink(chunkLinks),
    receiveChunk: new ReceiveChunk({
      work,
      stores,
      pools,
      uploadSlots,
      chunkLeases,
      chunkRequests,
      chunkRecords: new ChunkRecords({ work, expirySeconds: limits.expirySeconds }),
      chunkSessions,
      uploadCompletion,
      endUpload,
    }),
    signChunkLink: new SignChunkLink({ chunkLinks, chunkRequests, uploadCompletion }),
    viewChunk: new ViewChunk({ chunkRequests, uploadCompletion }),
  };
}
