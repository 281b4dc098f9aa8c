import { PixelBudget } from "../../worker/pixelBudget";

/** Lets everything run that waits for nothing. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Asks for the pixels, in this order; answers whose turn came, and how to give back. */
function ask(budget: PixelBudget, amounts: readonly number[]) {
  const admitted: number[] = [];
  const release = new Map<number, () => void>();
  for (const amount of amounts)
    void budget.take(amount).then((giveBack) => {
      admitted.push(amount);
      release.set(amount, giveBack);
    });
  return { admitted, release };
}

describe("the pixel budget", () => {
  it("admits pictures as long as they fit, and the next when one is given back", async () => {
    const { admitted, release } = ask(new PixelBudget(10), [4, 5, 3]);
    await settle();
    expect(admitted).toEqual([4, 5]);

    release.get(4)!();
    await settle();
    expect(admitted).toEqual([4, 5, 3]);
  });

  it("admits a picture above the limit when it is alone, and nothing beside it", async () => {
    const { admitted, release } = ask(new PixelBudget(10), [2, 100, 1]);
    await settle();
    expect(admitted).toEqual([2]);

    release.get(2)!();
    await settle();
    expect(admitted).toEqual([2, 100]);

    release.get(100)!();
    await settle();
    expect(admitted).toEqual([2, 100, 1]);
  });

  it("lets no small picture pass a large one that waits", async () => {
    const { admitted } = ask(new PixelBudget(10), [8, 9, 1]);
    await settle();

    expect(admitted).toEqual([8]);
  });
});
