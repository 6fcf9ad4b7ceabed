/** A command of the operator, which is not part of the client: its words, and a line about it. */
export type OperatorCommand = readonly [words: string, description: string];
