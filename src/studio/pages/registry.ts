import type { Component } from "svelte";
import type { Text } from "../../core/text.ts";
import type { Studio } from "../state/studio.svelte.ts";

/** A page beside those of the experiments: loaded when it is opened. */
export interface Page {
  /** In the address. */
  readonly id: string;
  readonly title: Text;
  /** Some pages need nothing of the studio they are given. */
  readonly load: () => Promise<{ readonly default: Component<{ studio: Studio }> | Component }>;
}

export const pages: readonly Page[] = [
  { id: "sandbox", title: { en: "Sandbox", ja: "サンドボックス" }, load: () => import("./Sandbox.svelte") },
  { id: "models", title: { en: "Models", ja: "モデル" }, load: () => import("./Models.svelte") },
  { id: "studies", title: { en: "Studies", ja: "探索の記録" }, load: () => import("./Studies.svelte") },
  { id: "compare", title: { en: "Compare", ja: "比較" }, load: () => import("./Compare.svelte") },
  { id: "glossary", title: { en: "Glossary", ja: "用語集" }, load: () => import("./Glossary.svelte") },
];
