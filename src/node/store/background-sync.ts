import { type FileHandle, open } from "node:fs/promises";

/** Has a file's content brought to the disk without anybody waiting; requests that come while it works share the next. */
export class BackgroundSync {
  private readonly path: string;
  private handle: FileHandle | undefined;
  private working: Promise<void> | undefined;
  private again = false;

  constructor(path: string) {
    this.path = path;
  }

  request(): void {
    this.again = true;
    this.working ??= this.work();
  }

  /** Waits for what was requested and lets go of the file. */
  async close(): Promise<void> {
    await this.working;
    await this.handle?.close();
    this.handle = undefined;
  }

  private async work(): Promise<void> {
    while (this.again) {
      this.again = false;
      try {
        this.handle ??= await open(this.path, "r+");
        await this.handle.datasync();
      } catch {
        // The database's own next write meets the same trouble and tells of it.
      }
    }
    this.working = undefined;
  }
}
