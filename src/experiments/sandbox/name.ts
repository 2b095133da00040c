/** The sandbox's id, and the name of its one run. */
export const sandboxId = "sandbox";
export const runName = "network";
