import {
  HEADERS,
  type AnswerDescription,
  type AnswerDescriptions,
  type BodyDescription,
  type CallDescription,
  type ContentDescription,
  type DescribedHeader,
  type ParameterDescription,
  type PartDescription,
} from './description.ts';
import { Schemas } from './schemas.ts';

/** A document of OpenAPI 3.1. */
export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: DocumentTitle;
  readonly servers: readonly object[];
  readonly tags: readonly object[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
  readonly components: Readonly<Record<'schemas' | 'headers' | 'securitySchemes', object>>;
  /** Answers to unknown paths, for which OpenAPI has no field. */
  readonly 'x-elsewhere': readonly object[];
}

export interface DocumentTitle {
  readonly title: string;
  readonly version: string;
  readonly description: string;
}

/**
 * Returns one OpenAPI 3.1 document of all parts. Throws when two parts use a name for different
 * things.
 */
export function openApiDocument(info: DocumentTitle, parts: readonly PartDescription[]): OpenApiDocument {
  const schemas = new Schemas();
  const paths: Record<string, Record<string, object>> = {};
  for (const [name, call] of parts.flatMap(({ calls }) => Object.entries(calls))) {
    const [method = '', path = ''] = name.split(' ');
    const methods = (paths[path] ??= {});
    if (method.toLowerCase() in methods) throw new Error(`${name} is described twice`);
    methods[method.toLowerCase()] = operation(name, call, schemas);
  }
  const elsewhere = parts
    .flatMap((part) => part.commonErrors)
    .map(({ root, description, answers }) => ({ root, description, responses: responses(answers, schemas) }));
  return {
    openapi: '3.1.0',
    info,
    servers: [{ url: '/' }],
    tags: parts.flatMap(({ tags }) => tags),
    paths,
    components: {
      schemas: schemas.named,
      headers: Object.fromEntries(Object.entries(HEADERS).map(([name, says]) => [name, header(says)])),
      securitySchemes: Object.fromEntries(parts.flatMap(({ security }) => Object.entries(security))),
    },
    'x-elsewhere': elsewhere,
  };
}

function operation(name: string, call: CallDescription, schemas: Schemas): object {
  const { summary, description, tag, security, parameters = [], body, answers } = call;
  return {
    operationId: idOf(name),
    summary,
    ...(description === undefined ? {} : { description }),
    tags: [tag],
    security: security.map((channel) => ({ [channel]: [] })),
    ...(parameters.length === 0 ? {} : { parameters: parameters.map((one) => parameter(one, schemas)) }),
    ...(body === undefined ? {} : { requestBody: requestBody(body, schemas) }),
    responses: responses(answers, schemas),
  };
}

/** Returns an id such as `PUT_m_media_create`: unique, and an identifier in most languages. */
function idOf(name: string): string {
  return name
    .replace(/[^A-Za-z0-9]+/g, ' ')
    .trim()
    .replaceAll(' ', '_');
}

function parameter(described: ParameterDescription, schemas: Schemas): object {
  const { schema, ...rest } = described;
  return { ...rest, schema: schemas.sent(schema) };
}

function requestBody({ required, description, examples, ...content }: BodyDescription, schemas: Schemas): object {
  const media = content.schema === null ? {} : { schema: schemas.sent(content.schema) };
  return {
    ...(description === undefined ? {} : { description }),
    required,
    content: { [content.type]: { ...media, examples } },
  };
}

function responses(answers: AnswerDescriptions, schemas: Schemas): object {
  return Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, response(answer, schemas)]));
}

function response(answer: AnswerDescription, schemas: Schemas): object {
  const { description, content, headers = [] } = answer;
  const names: readonly DescribedHeader[] = ['X-Request-Id', ...headers];
  return {
    description,
    headers: Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }])),
    ...(content === undefined ? {} : { content: { [content.type]: answeredContent(content, schemas) } }),
  };
}

function answeredContent({ schema }: ContentDescription, schemas: Schemas): object {
  return schema === null ? {} : { schema: schemas.answered(schema) };
}

function header(description: string): object {
  return { description, schema: { type: 'string' } };
}
