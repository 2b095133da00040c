/** Does something once the page that is being looked at has nothing else to do; never for one in the background. */
export function atRest(job: () => void): void {
  const begin = () => {
    if (document.visibilityState === "visible") {
      job();
    }
  };
  // Safari has no such callback.
  if (typeof requestIdleCallback === "function") {
    requestIdleCallback(begin, { timeout: 3000 });
  } else {
    setTimeout(begin, 500);
  }
}
