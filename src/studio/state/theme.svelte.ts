import { keep, kept } from "./keep.ts";

export const themeChoices = ["system", "light", "dark"] as const;
export type ThemeChoice = (typeof themeChoices)[number];

const name = "tanren.theme";
const prefersDark = matchMedia("(prefers-color-scheme: dark)");

/** Light or dark: as chosen, else as the system has it. */
class ThemeState {
  choice = $state<ThemeChoice>(themeChoices.find((known) => known === kept(name)) ?? "system");
  private systemDark = $state(prefersDark.matches);

  constructor() {
    prefersDark.addEventListener("change", ({ matches }) => {
      this.systemDark = matches;
      this.apply();
    });
    this.apply();
  }

  get dark(): boolean {
    return this.choice === "system" ? this.systemDark : this.choice === "dark";
  }

  choose(choice: ThemeChoice): void {
    this.choice = choice;
    keep(name, choice);
    this.apply();
  }

  private apply(): void {
    document.documentElement.dataset.theme = this.dark ? "dark" : "light";
  }
}

export const theme = new ThemeState();
