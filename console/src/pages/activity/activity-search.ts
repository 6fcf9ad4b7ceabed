const PERIODS = ['day', 'week', 'month'] as const;
const RESULTS = ['done', 'refused'] as const;

/** The filters of the activity page, as they stand in its address. */
export interface ActivitySearch {
  readonly group?: number;
  readonly action?: string;
  readonly result?: (typeof RESULTS)[number];
  readonly period?: (typeof PERIODS)[number];
}

/** Reads the search part of an address; leaves out everything that is not a filter. */
export function readActivitySearch(search: Readonly<Record<string, unknown>>): ActivitySearch {
  const { group, action } = search;
  const result = RESULTS.find((one) => one === search.result);
  const period = PERIODS.find((one) => one === search.period);
  return {
    ...(typeof group === 'number' && Number.isSafeInteger(group) && group >= 0 && { group }),
    ...(typeof action === 'string' && action !== '' && { action }),
    ...(result !== undefined && { result }),
    ...(period !== undefined && { period }),
  };
}
