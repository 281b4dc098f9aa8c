/** Progress of a measurement over pictures: one line that counts on a terminal, a line now and then elsewhere. */

const lineEveryMs = 5000;

export class PictureCounter {
  #lastMs = performance.now();

  constructor(readonly stream: NodeJS.WriteStream) {}

  show(done: number, total: number): void {
    const line = `${done}/${total} pictures`;
    if (this.stream.isTTY) this.stream.write(`\r\x1b[K${line}`);
    else if (performance.now() - this.#lastMs >= lineEveryMs) {
      this.#lastMs = performance.now();
      this.stream.write(`${line}\n`);
    }
  }

  /** Takes the line off the terminal. */
  end(): void {
    if (this.stream.isTTY) this.stream.write("\r\x1b[K");
  }
}
