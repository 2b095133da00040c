export const studioFolder: string;
export function buildStudio(options?: { force?: boolean; quiet?: boolean }): Promise<string>;
