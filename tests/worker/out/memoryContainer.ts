/** An output container in memory, in which a write can be made to fail. */
import type { OutputContainer } from "../../../worker/io/container";

export class MemoryContainer implements OutputContainer {
  readonly blobs = new Map<string, string>();
  /** Names in the order they were written. */
  readonly written: string[] = [];
  /** The next writes of names that hold this text fail. */
  refused: string | undefined;

  write(name: string, content: string | Uint8Array): Promise<void> {
    if (this.refused !== undefined && name.includes(this.refused))
      return Promise.reject(new Error(`Cannot write ${name}.`));
    this.blobs.set(name, Buffer.from(content).toString());
    this.written.push(name);
    return Promise.resolve();
  }

  read(name: string): Promise<string> {
    const content = this.blobs.get(name);
    return content === undefined
      ? Promise.reject(new Error(`There is no ${name}.`))
      : Promise.resolve(content);
  }

  list(prefix: string): Promise<string[]> {
    return Promise.resolve([...this.blobs.keys()].filter((name) => name.startsWith(prefix)).sort());
  }

  delete(name: string): Promise<void> {
    this.blobs.delete(name);
    return Promise.resolve();
  }
}
