/**
 * SQL condition: a row of `groups` is the home group (docs/velocity.md#home-group) of the user
 * whose id is the expression `user`, which occurs three times in the condition.
 */
export function isHomeOf(user: string): string {
  const creating = `from grants as creating
    where creating.user_id = ${user} and creating.permission = 'velocity.media.create'`;
  return `groups.id = coalesce(
      (select member.home_group_id from users as member where member.id = ${user}),
      (select creating.group_id ${creating} and creating.decides_home
       order by creating.given_at nulls first, creating.group_id limit 1)
    ) and groups.path && array(select creating.group_id ${creating})`;
}
