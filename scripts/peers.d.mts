/** Installs the libraries of bench/ where they are missing. Gives whether they are there. */
export function installPeers(): boolean;
