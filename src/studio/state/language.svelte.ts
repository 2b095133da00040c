import { inLanguage, type Language, languages, type Text } from "../../core/text.ts";
import { keep, kept } from "./keep.ts";

const name = "tanren.language";

/** The language of the page: what was chosen last, else the browser's. */
class LanguageState {
  current = $state<Language>(languages.find((known) => known === kept(name)) ?? ofBrowser());

  choose(language: Language): void {
    this.current = language;
    keep(name, language);
    document.documentElement.lang = language;
  }
}

function ofBrowser(): Language {
  return navigator.language.toLowerCase().startsWith("ja") ? "ja" : "en";
}

export const language = new LanguageState();
document.documentElement.lang = language.current;

/** The text in the page's language; what shows it follows when the language changes. */
export function t(text: Text): string {
  return inLanguage(text, language.current);
}
