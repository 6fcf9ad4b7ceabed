import { z } from 'zod';
import { REQUEST_PROBLEMS } from '../problems.ts';
import { headersOf, problemResponse, type AnswerDescriptions, type DescribedHeader } from './description.ts';

/** The problems of a call, by their codes. */
export type ProblemRows = readonly (readonly [code: string, status: number])[];

/** Returns the rows of problems that arise before a use case runs. */
export function rowsOf(kinds: readonly (keyof typeof REQUEST_PROBLEMS)[]): ProblemRows {
  return kinds.map((kind) => [kind, REQUEST_PROBLEMS[kind][0]]);
}

/** Returns the answers with these problems, one for each status. */
export function problemResponses(
  rows: ProblemRows,
  headers: (status: number) => readonly DescribedHeader[] = headersOf,
): AnswerDescriptions {
  const statuses = [...new Set(rows.map(([, status]) => status))].sort((left, right) => left - right);
  return Object.fromEntries(
    statuses.map((status) => {
      const codes = [...new Set(rows.filter((row) => row[1] === status).map(([code]) => code))];
      const description = codes.map((code) => code.replaceAll('-', ' ')).join('; ');
      return [status, problemResponse(description, problemSchema(status, codes), headers(status))];
    }),
  );
}

/** Further members are the numbers of the case. */
function problemSchema(status: number, codes: readonly string[]): z.ZodType {
  return z.looseObject({
    type: z.string(),
    title: z.string(),
    status: z.literal(status),
    detail: z.string(),
    code: z.enum(codes as [string, ...string[]]),
    field: z.string().optional(),
    request_id: z.string().nullable(),
  });
}
