export const bundled: readonly string[];
export const doors: Readonly<
  Record<"core" | "tanren", { readonly public: readonly string[]; readonly own: readonly string[] }>
>;
export function isCore(path: string): boolean;
export function needsNode(path: string): boolean;
