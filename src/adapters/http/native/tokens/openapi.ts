import type { CreateTokenFailure } from '../../../../application/access/create-token.ts';
import type { RemoveTokenFailure } from '../../../../application/access/remove-token.ts';
import { jsonAnswer } from '../../shared/openapi/description.ts';
import { dryRunQuery } from '../dry-run.ts';
import { pageResponse } from '../list.ts';
import {
  emptyAnswer,
  jsonBody,
  pathId,
  queryParameters,
  taggedAnswers,
  type FailureSet,
  type NativeResource,
} from '../openapi/call.ts';
import { createdTokenResponse, tokenRequest, tokenResponse, tokensQuery } from './tokens.ts';

const SOME_TOKEN = '3d1c2f5e-7d0b-4f0c-9a55-2b8f9f0a1d3e';

/** API tokens in the document. */
export const TOKENS: NativeResource = {
  name: 'tokens',
  description: 'API tokens of the caller, for `/v1` and `/uploads`. No token manages tokens.',
  calls: {
    'GET /tokens': {
      summary: 'List your tokens',
      parameters: queryParameters(tokensQuery.shape),
      answers: taggedAnswers('A page of the tokens', pageResponse(tokenResponse)),
      failures: {},
      problems: ['precondition-failed'],
    },
    'POST /tokens': {
      summary: 'Create a token',
      description: 'The answer has the token itself, which cannot be read again.',
      body: jsonBody(tokenRequest, {
        usual: { summary: 'For a script that uploads', value: { name: 'nightly upload', scope: 'write' } },
        limited: {
          summary: 'For one group, until a day',
          value: { name: 'inventory', scope: 'read', groups: [0], expires_at: '2100-01-01T00:00:00Z' },
        },
      }),
      answers: { 201: jsonAnswer('The token', createdTokenResponse, ['Cache-Control']) },
      failures: { 'name-invalid': true, 'too-many-possessions': true } satisfies FailureSet<CreateTokenFailure>,
    },
    'DELETE /tokens/{token}': {
      summary: 'Delete a token',
      parameters: [pathId('token', 'A token, by its id.', SOME_TOKEN), ...queryParameters(dryRunQuery.shape)],
      answers: { 204: emptyAnswer('The token is refused from now on', ['Cache-Control']) },
      failures: { 'token-not-found': true } satisfies FailureSet<RemoveTokenFailure>,
    },
  },
};
