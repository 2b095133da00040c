const name = (experiment: string) => `tanren.going.${experiment}`;

/** Keeps in mind, for a reload of this tab, that a run goes on in it; a browser that keeps nothing is no error. */
export function markGoing(experiment: string, goes: boolean): void {
  try {
    if (goes) {
      sessionStorage.setItem(name(experiment), "1");
    } else {
      sessionStorage.removeItem(name(experiment));
    }
  } catch {
    // A reload begins with the newest finished run then.
  }
}

/** Whether a run of an experiment went on in this tab when it was left. */
export function wasGoing(experiment: string): boolean {
  try {
    return sessionStorage.getItem(name(experiment)) !== null;
  } catch {
    return false;
  }
}
