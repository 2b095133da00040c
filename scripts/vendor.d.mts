export function vendored(specifier: string): Promise<{ code: string; moduleIds: readonly string[] }>;
