/** Writes down that a file's tests have all passed. */
export function writePassed(passed: { state: string; file: string; tests: number; at: string }): void;
