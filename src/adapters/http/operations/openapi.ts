import { z } from 'zod';
import { jsonAnswer, type AnswerDescriptions, type PartDescription } from '../shared/openapi/description.ts';

const TAG = 'Operations';

const usabilityResponse = z.enum(['usable', 'unusable']);

const readinessResponse = z
  .object({
    status: z.enum(['ready', 'not ready']),
    database: usabilityResponse,
    library: z.enum(['publishing', 'published']).optional().meta({ description: 'Where a library is declared.' }),
    pools: z.array(z.object({ id: z.int().min(0), name: z.string(), state: usabilityResponse })),
  })
  .meta({ id: 'Readiness' });

/**
 * What is answered to a head that is refused before it is known what it asks for, in the form of
 * the Velocity dialect.
 */
const REFUSED_HEAD: AnswerDescriptions = {
  400: jsonAnswer(
    'The head of the request is not as it should be',
    z.object({ code: z.literal(110), message: z.string(), error: z.literal(true), reason: z.string() }),
  ),
  501: jsonAnswer(
    'A transfer coding is needed that is not known',
    z.object({ code: z.literal(200), message: z.string() }),
  ),
};

/** Besides, of what has an ETag. */
const CACHED: AnswerDescriptions = {
  ...REFUSED_HEAD,
  304: { description: 'The client has it already', headers: ['ETag'] },
  412: { description: '`If-Match` names another version', headers: ['ETag'] },
};

/** What whoever runs the service asks it, in the document. */
export const OPERATIONS: PartDescription = {
  tags: [{ name: TAG, description: 'Whether the service works, and what it speaks. Needs no credentials.' }],
  security: {},
  calls: {
    'GET /healthz': {
      summary: 'Whether it is alive',
      tag: TAG,
      security: [],
      answers: { ...REFUSED_HEAD, 200: jsonAnswer('It is', z.object({ status: z.literal('alive') })) },
    },
    'GET /readyz': {
      summary: 'Whether it can serve',
      tag: TAG,
      security: [],
      answers: {
        ...REFUSED_HEAD,
        200: jsonAnswer('It can', readinessResponse),
        503: jsonAnswer('It can not, at the moment', readinessResponse),
      },
    },
    'GET /metrics': {
      summary: 'How it fares, for Prometheus',
      tag: TAG,
      security: [],
      answers: {
        ...REFUSED_HEAD,
        200: {
          description: 'Everything that is counted',
          content: { type: 'text/plain', schema: null },
          headers: ['Cache-Control'],
        },
      },
    },
    'GET /openapi.json': {
      summary: 'This document',
      tag: TAG,
      security: [],
      answers: {
        200: jsonAnswer('The document', z.looseObject({ openapi: z.literal('3.1.0') }), ['Cache-Control', 'ETag']),
        ...CACHED,
      },
    },
    'GET /docs': {
      summary: 'This document, to be read by people',
      tag: TAG,
      security: [],
      answers: {
        200: {
          description: 'The page',
          content: { type: 'text/html', schema: null },
          headers: ['Cache-Control', 'ETag'],
        },
        ...CACHED,
      },
    },
  },
  commonErrors: [],
};
