import { CLOUDSIGMA } from '../../adapters/http/cloudsigma/openapi/dialect.ts';
import { LINK_CONTENT } from '../../adapters/http/native/links/content-openapi.ts';
import { NATIVE } from '../../adapters/http/native/openapi/dialect.ts';
import { OPERATIONS } from '../../adapters/http/operations/openapi.ts';
import { openApiDocument, type OpenApiDocument } from '../../adapters/http/shared/openapi/document.ts';
import { TUS } from '../../adapters/http/tus/openapi.ts';
import { VELOCITY } from '../../adapters/http/velocity/openapi/dialect.ts';

/** Returns the OpenAPI document of all APIs. */
export function apiDocument(): OpenApiDocument {
  return openApiDocument(
    {
      title: 'Platter',
      version: '1.0.0',
      description:
        'The media depot of a virtualisation platform. One depot, three dialects: `/v1`, which shows all of it, ' +
        'the Velocity API for users, groups, pools and media, and the CloudSigma API for what servers are made with. ' +
        'What one of them makes, the others show. Resumable uploads (tus) feed all of them.',
    },
    [NATIVE, LINK_CONTENT, VELOCITY, CLOUDSIGMA, TUS, OPERATIONS],
  );
}
