/** For more groups a hash lookup of every row of `groups` is faster than the index on paths. */
const MAX_INDEXED_GROUPS = 1000;

/**
 * SQL: selects the groups whose ids the common table expression `about` has, and their descendants.
 * `condition` is a further condition on rows of `groups`; it occurs twice. With `path && array(…)`
 * alone the time would grow with the number of selected groups times the number in `about`.
 */
export function withAllBelow(columns: string, condition = 'true'): string {
  return `select ${columns} from groups
    where (select count(*) from about) <= ${MAX_INDEXED_GROUPS} and path && array(select id from about) and ${condition}
    union all
    select ${columns} from groups
    where (select count(*) from about) > ${MAX_INDEXED_GROUPS}
      and exists (select from unnest(path) as above (id) where (above.id in (select id from about)) is true) and ${condition}`;
}
