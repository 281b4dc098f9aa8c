/** One file that grows by rows while a run goes on and has its name only when it is whole. */
import { statSync } from "node:fs";
import { open, rename, rm, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { makeFolder } from "../folder";

export interface Table {
  readonly head: string;
  readonly between: string;
  readonly tail: string;
}

export class TableFile {
  #rows = 0;

  private constructor(
    readonly file: string,
    readonly table: Table,
    readonly handle: FileHandle,
  ) {}

  /** Makes the folders above. Throws a sentence where the file cannot be written. */
  static async open(file: string, table: Table): Promise<TableFile> {
    makeFolder(dirname(file));
    if (statSync(file, { throwIfNoEntry: false })?.isDirectory() === true)
      throw new Error(`${file} cannot be written: it is a folder.`);
    const handle = await orUnwritable(file, open(partial(file), "w"));
    const made = new TableFile(file, table, handle);
    await orUnwritable(file, handle.appendFile(table.head));
    return made;
  }

  async append(rows: readonly string[]): Promise<void> {
    if (rows.length === 0) return;
    const before = this.#rows === 0 ? "" : this.table.between;
    this.#rows += rows.length;
    await orUnwritable(this.file, this.handle.appendFile(before + rows.join(this.table.between)));
  }

  async finish(): Promise<void> {
    await orUnwritable(this.file, this.handle.appendFile(this.table.tail));
    await this.handle.close();
    await orUnwritable(this.file, rename(partial(this.file), this.file));
  }

  /** Leaves nothing, and what was there before as it was. */
  async abandon(): Promise<void> {
    await this.handle.close();
    await rm(partial(this.file), { force: true });
  }
}

function partial(file: string): string {
  return `${file}.partial`;
}

function orUnwritable<T>(file: string, writing: Promise<T>): Promise<T> {
  return writing.catch((cause: unknown) => {
    const { code } = cause as NodeJS.ErrnoException;
    throw new Error(`${file} cannot be written (${code ?? String(cause)}).`, { cause });
  });
}
