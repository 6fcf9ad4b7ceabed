/**
 * Of more groups than this a hash is made, and every row of `groups` is looked up in it. Up to this
 * many, the index on paths is faster.
 */
const FEW = 1000;

/**
 * Selects the groups whose ids the common table expression `about` has, and all below them.
 * `condition` is one more for rows of `groups`; it occurs twice. With `path && array(…)` alone, the
 * time would grow with the product of how many groups are selected and how many `about` has.
 */
export function withAllBelow(columns: string, condition = 'true'): string {
  return `select ${columns} from groups
    where (select count(*) from about) <= ${FEW} and path && array(select id from about) and ${condition}
    union all
    select ${columns} from groups
    where (select count(*) from about) > ${FEW}
      and exists (select from unnest(path) as above (id) where (above.id in (select id from about)) is true) and ${condition}`;
}
