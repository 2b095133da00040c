import { DataError } from "../../core/errors.ts";
import type { OpenStudy, StudyItem, StudySource } from "../../web/served/study-source.ts";
import { studyOfFile } from "./study-file.ts";
import { itemOf } from "./study-item.ts";

/** With what the ids of files begin. */
const fromFile = "file-";

/** The studies of the browser or of the server, and before them the `study.json` files that were opened in this page. */
export class StudiesWithFiles implements StudySource {
  private readonly source: StudySource;
  private readonly opened = new Map<string, OpenStudy>();
  private readonly listeners = new Set<() => unknown>();
  /** Ids of the others, as they were last listed: a study of the server may be called as a file is. */
  private others: ReadonlySet<string> = new Set();

  constructor(source: StudySource) {
    this.source = source;
  }

  get place(): StudySource["place"] {
    return this.source.place;
  }

  get warning(): StudySource["warning"] {
    return this.source.warning;
  }

  async list(): Promise<StudyItem[]> {
    const others = await this.source.list();
    this.others = new Set(others.map(({ id }) => id));
    return [...[...this.opened].map(([id, study]) => itemOf(id, study)), ...others];
  }

  watch(id: string, onStudy: (study: OpenStudy) => void, onTrouble: (error: unknown) => void): () => void {
    if (this.isFile(id)) {
      onStudy(this.opened.get(id)!);
      return () => {};
    }
    return id.startsWith(fromFile)
      ? this.watchNamed(id, onStudy, onTrouble)
      : this.source.watch(id, onStudy, onTrouble);
  }

  /** Of an address: a study that is called so, or a file, which is told of once it is given: a page that was loaded anew has its name alone. */
  private watchNamed(id: string, onStudy: (study: OpenStudy) => void, onTrouble: (error: unknown) => void): () => void {
    let leave = () => {};
    let ended = false;
    const tell = () => {
      const file = this.opened.get(id);
      if (file !== undefined) {
        onStudy(file);
      }
    };
    const wait = () => {
      if (this.isFile(id)) {
        return tell();
      }
      const name = id.slice(fromFile.length);
      onTrouble(
        new DataError({
          en: `${name}: its file must be given again, got its name alone: a page that is loaded anew keeps no files. Open the study.json.`,
          ja: `${name}: ページを読み込み直すとファイルは残りません。study.json をもう一度開いてください。`,
        }),
      );
      this.listeners.add(tell);
      leave = () => this.listeners.delete(tell);
    };
    void this.list().then(
      () => {
        if (!ended && this.others.has(id)) {
          leave = this.source.watch(id, onStudy, onTrouble);
        } else if (!ended) {
          wait();
        }
      },
      (error) => {
        if (!ended) {
          onTrouble(error);
        }
      },
    );
    return () => {
      ended = true;
      leave();
    };
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    const leave = this.source.subscribe(listener);
    return () => {
      this.listeners.delete(listener);
      leave();
    };
  }

  /** Absent where none can go on; never of a file. */
  get resume(): StudySource["resume"] {
    return this.source.resume?.bind(this.source);
  }

  get stop(): StudySource["stop"] {
    return this.source.stop?.bind(this.source);
  }

  async delete(id: string): Promise<void> {
    if (this.opened.delete(id)) {
      this.changed();
    } else {
      await this.source.delete?.(id);
    }
  }

  /** Whether a study is a file that was opened here: nothing goes on with it. */
  isFile(id: string): boolean {
    return this.opened.has(id);
  }

  /** Opens a `study.json`; it stays until the page is closed. @throws DataError when the text is something else */
  open(text: string): string {
    const study = studyOfFile(text);
    let id = `${fromFile}${study.study.name}`;
    for (let i = 2; this.opened.has(id) || this.others.has(id); i++) {
      id = `${fromFile}${study.study.name}-${i}`;
    }
    this.opened.set(id, study);
    this.changed();
    return id;
  }

  private changed(): void {
    for (const listener of this.listeners) {
      listener();
    }
  }
}
