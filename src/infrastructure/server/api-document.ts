import { CLOUDSIGMA } from '../../adapters/http/cloudsigma/openapi/dialect.ts';
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
        'The media depot of a virtualisation platform. One depot, two dialects: the Velocity API for users, groups, pools and media, ' +
        'the CloudSigma API for what servers are made with. What one of them makes, the other shows. Resumable uploads (tus) feed both.',
    },
    [VELOCITY, CLOUDSIGMA, TUS, OPERATIONS],
  );
}
