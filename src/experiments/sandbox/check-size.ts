import { type LayerSpec, networkLimits, parametersOf } from "../../nn/network-text.ts";
import { SandboxSettingError } from "./told.ts";

/** @throws HyperError where a network has more parameters than a page can train */
export function checkSize(specs: readonly LayerSpec[], inputSize: number, classes: number): void {
  const parameters = parametersOf(specs, inputSize, classes);
  if (parameters > networkLimits.parameters) {
    throw new SandboxSettingError({
      en: `network: must have at most ${networkLimits.parameters} parameters, got ${parameters}. Make its layers narrower.`,
      ja: `ネットワークのパラメータは ${networkLimits.parameters} 個までです(${parameters} 個になります)。層の幅を狭くしてください。`,
    });
  }
}
