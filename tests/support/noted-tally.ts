import type { Tally } from '../../src/application/ports/tally.ts';

/** What a tally was told, in order. */
export interface NotedTally {
  readonly tally: Tally;
  readonly heard: string[];
}

export function noteTally(): NotedTally {
  const heard: string[] = [];
  return {
    heard,
    tally: {
      uploadBegun: () => {
        heard.push('upload begun');
        return () => heard.push('upload ended');
      },
      uploadTurnedAway: () => heard.push('upload turned away'),
      downloadBegun: () => {
        heard.push('download begun');
        return () => heard.push('download ended');
      },
      downloadTurnedAway: () => heard.push('download turned away'),
      jobAttempted: (outcome) => heard.push(`job ${outcome}`),
      mediaTakenOver: () => heard.push('media taken over'),
      removalFailed: () => heard.push('removal failed'),
      chorePassed: (chore, outcome) => heard.push(`${chore} ${outcome}`),
    },
  };
}
