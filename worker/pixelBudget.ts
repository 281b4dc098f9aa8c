/** How many pixels are held decoded at once: pictures differ a thousandfold in size, so their number would bound no memory. */

export class PixelBudget {
  #held = 0;
  readonly #waiting: { readonly pixels: number; readonly admit: () => void }[] = [];

  constructor(readonly limit: number) {}

  /** Waits until the pixels fit, in the order of asking; a picture above the limit fits when it is alone. The answer gives them back. */
  async take(pixels: number): Promise<() => void> {
    await new Promise<void>((admit) => {
      this.#waiting.push({ pixels, admit });
      this.#admit();
    });
    return () => {
      this.#held -= pixels;
      this.#admit();
    };
  }

  #admit(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (this.#held > 0 && this.#held + next.pixels > this.limit) return;
      this.#waiting.shift();
      this.#held += next.pixels;
      next.admit();
    }
  }
}
