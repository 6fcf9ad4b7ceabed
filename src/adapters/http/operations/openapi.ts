import { z } from 'zod';
import { jsonAnswer, type AnswerDescriptions, type PartDescription } from '../shared/openapi/description.ts';

const TAG = 'Operations';

const usabilityResponse = z.enum(['usable', 'unusable']);

const readinessResponse = z
  .object({
    status: z.enum(['ready', 'not ready']),
    database: usabilityResponse,
    library: z
      .enum(['publishing', 'published'])
      .optional()
      .meta({ description: 'Present when a library is configured.' }),
    pools: z.array(z.object({ id: z.int().min(0), name: z.string(), state: usabilityResponse })),
  })
  .meta({ id: 'Readiness' });

/**
 * Answers to a head that is refused before its route is known, in the form of the Velocity dialect.
 */
const REFUSED_HEAD: AnswerDescriptions = {
  400: jsonAnswer(
    'The head of the request is malformed',
    z.object({ code: z.literal(110), message: z.string(), error: z.literal(true), reason: z.string() }),
  ),
  501: jsonAnswer('The transfer coding is not supported', z.object({ code: z.literal(200), message: z.string() })),
};

/** Further answers of resources with an ETag. */
const CACHED: AnswerDescriptions = {
  ...REFUSED_HEAD,
  304: { description: 'Not modified', headers: ['ETag'] },
  412: { description: '`If-Match` names another version', headers: ['ETag'] },
};

/** The calls for operators, in the document. */
export const OPERATIONS: PartDescription = {
  tags: [{ name: TAG, description: 'Health, metrics and documentation. Needs no credentials.' }],
  security: {},
  calls: {
    'GET /healthz': {
      summary: 'Liveness probe',
      tag: TAG,
      security: [],
      answers: { ...REFUSED_HEAD, 200: jsonAnswer('The process is alive', z.object({ status: z.literal('alive') })) },
    },
    'GET /readyz': {
      summary: 'Readiness probe',
      tag: TAG,
      security: [],
      answers: {
        ...REFUSED_HEAD,
        200: jsonAnswer('Ready', readinessResponse),
        503: jsonAnswer('Not ready at the moment', readinessResponse),
      },
    },
    'GET /metrics': {
      summary: 'Metrics for Prometheus',
      tag: TAG,
      security: [],
      answers: {
        ...REFUSED_HEAD,
        200: {
          description: 'All metrics',
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
      summary: 'This document as a web page',
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
