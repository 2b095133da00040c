import { HyperError } from "../core/errors.ts";
import { printableLine } from "../core/printable.ts";
import { inLanguage, type Language, languages, type Text } from "../core/text.ts";

/** What a command needs of the terminal it runs in. */
export interface CliContext {
  readonly language: Language;
  /** Whether colours may be used. */
  readonly color: boolean;
  /** Whether lines may be redrawn. */
  readonly live: boolean;
  /** Characters a line. */
  readonly columns: number;
  readonly env: NodeJS.ProcessEnv;
  /** Results: standard output, one line. */
  print(line: Text): void;
  /** What a person should know beside the results: standard error, one line. */
  warn(line: Text): void;
  text(text: Text): string;
}

/** The language of the options, else of the locale. */
export function languageOf(option: string | undefined, env: NodeJS.ProcessEnv): Language {
  if (option !== undefined) {
    const found = languages.find((language) => language === option);
    if (found === undefined) {
      throw new HyperError({
        en: `--lang: must be one of ${languages.join(", ")}, got "${option}". Give one of them.`,
        ja: `--lang: ${languages.join("、")} のいずれかを指定してください(指定された値: "${option}")。`,
      });
    }
    return found;
  }
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || "";
  return /^ja/i.test(locale) ? "ja" : "en";
}

export function openContext(options: { lang?: string }): CliContext {
  const { env, stdout, stderr } = process;
  const language = languageOf(options.lang, env);
  const terminal = stdout.isTTY === true && env.TERM !== "dumb";
  const color = terminal && !env.NO_COLOR;
  return {
    language,
    color,
    live: terminal,
    columns: Math.max(40, stdout.columns ?? 100),
    env,
    print: (line) => void stdout.write(`${printableLine(inLanguage(line, language), { color })}\n`),
    warn: (line) => void stderr.write(`${printableLine(inLanguage(line, language), { color: false })}\n`),
    text: (text) => inLanguage(text, language),
  };
}
