import { QueryClient } from '@tanstack/react-query';
import { NoAnswerError } from './problem.ts';

const MAX_RETRIES = 2;

/** Reads are repeated when no answer came; an error answer would be the same again. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      retry: (failures, error) => error instanceof NoAnswerError && failures < MAX_RETRIES,
    },
  },
});
