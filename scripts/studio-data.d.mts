export function studioData(): Promise<string>;
