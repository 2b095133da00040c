import { isMap, isScalar, LineCounter, type Node, parseDocument } from "yaml";
import { noSuchSetting } from "../../core/checks.ts";
import { DataError, HyperError, saidBy } from "../../core/errors.ts";
import type { Told } from "../../core/text.ts";
import { fileName } from "../../node/file-path.ts";
import { bytesOf } from "../../node/model-files.ts";

/** Far more than settings take. */
const mostBytes = 1_000_000;

/** A file of settings: YAML, or JSON, which is YAML too. */
export interface SettingsFile {
  readonly path: string;
  /** By name, as they stand there. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Reads one of them; what is wrong with it is said with file and line. @throws HyperError */
  read<T>(name: string, take: (value: unknown) => T): T;
  /** @throws HyperError on a name that is not among these, with its line and the nearest of them */
  allow(names: readonly string[]): void;
}

/** @throws DataError when the file cannot be read or is neither YAML nor JSON, HyperError when it holds no settings by name */
export function readSettingsFile(path: string): SettingsFile {
  const name = fileName(path);
  const bytes = bytesOf(path, mostBytes, {
    en: "Give a file of settings, such as the settings.json of a training",
    ja: "学習が書いた settings.json のような、設定のファイルを指定してください",
  });
  const lines = new LineCounter();
  const document = parseDocument(new TextDecoder().decode(bytes), { lineCounter: lines, version: "1.2" });
  const lineOf = (offset: number | undefined) => lines.linePos(offset ?? 0).line;
  const [problem] = document.errors;
  if (problem !== undefined) {
    const line = problem.linePos?.[0].line ?? lineOf(problem.pos[0]);
    const reason = problem.message.split(/ at line \d+|\n/)[0];
    throw new DataError({
      en: `${name}, line ${line}: must be YAML or JSON, got "${reason}". Correct the line; one setting a line, such as "epochs: 50", is enough.`,
      ja: `${name} の ${line} 行目: YAML か JSON として読めません(${reason})。「epochs: 50」のように1行に1つずつ書いてください。`,
    });
  }
  const { contents } = document;
  if (!isMap(contents)) {
    throw new HyperError({
      en: `${name}, line 1: settings must stand by name, got ${contents === null ? "nothing" : "something else"}. Write one a line, such as "epochs: 50".`,
      ja: `${name} の1行目: 設定は「名前: 値」の形で書いてください。例: 「epochs: 50」`,
    });
  }
  const places = new Map(
    contents.items.map(({ key }) => [
      String(isScalar(key) ? key.value : key),
      lineOf((key as Node | null)?.range?.[0]),
    ]),
  );
  const at = (setting: string): Told => {
    const line = places.get(setting) ?? 1;
    return { en: `${name}, line ${line}: `, ja: `${name} の ${line} 行目: ` };
  };
  let values: Record<string, unknown>;
  try {
    // The few aliases that YAML allows by default: a file cannot unfold into more than memory holds.
    values = document.toJS() as Record<string, unknown>;
  } catch (error) {
    throw new DataError(
      {
        en: `${name}: must hold plain values, got "${(error as Error).message}". Write each value out.`,
        ja: `${name}: 値をそのまま書いてください(${(error as Error).message})。`,
      },
      { cause: error },
    );
  }
  return {
    path,
    values,
    read(setting, take) {
      try {
        return take(values[setting]);
      } catch (error) {
        if (!(error instanceof HyperError)) {
          throw error;
        }
        const place = at(setting);
        const { en, ja } = saidBy(error);
        throw new HyperError({ en: place.en + en, ja: place.ja + ja }, { cause: error });
      }
    },
    allow(names) {
      const unknown = Object.keys(values).find((setting) => !names.includes(setting));
      if (unknown !== undefined) {
        throw noSuchSetting(at(unknown), unknown, names);
      }
    },
  };
}
