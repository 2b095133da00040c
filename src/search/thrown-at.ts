/** The attribute of a trial that failed under which it is kept where its objective threw: `objective.ts:12:7`. */
export const thrownAt = "thrownAt";
