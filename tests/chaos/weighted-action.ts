import fc from 'fast-check';

/** An action among others, chosen in proportion to its weight. */
interface WeightedAction<Action> {
  readonly weight: number;
  readonly arbitrary: fc.Arbitrary<Action>;
}

/** Returns a function that creates weighted actions, each on one of so many replicas. */
export function actionsOn<Action>(
  replicas: number,
): <Fields extends object>(
  weight: number,
  fields: { [Field in keyof Fields]: fc.Arbitrary<Fields[Field]> },
) => WeightedAction<Action> {
  return (weight, fields) => ({
    weight,
    arbitrary: fc.record(
      { replica: fc.nat(replicas - 1), ...fields },
      { noNullPrototype: true },
    ) as unknown as fc.Arbitrary<Action>,
  });
}
