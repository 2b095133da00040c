/** Milliseconds of training that may be lost with an attempt: what is saved is some megabytes. */
const checkpointEvery = 10_000;

/** Whether it is time to save where a trial stands; asked again and again. */
export function checkpointDue(): () => boolean {
  let left = performance.now();
  return () => {
    const now = performance.now();
    const due = now - left > checkpointEvery;
    left = due ? now : left;
    return due;
  };
}
