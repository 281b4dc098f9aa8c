import { unlessInterrupted } from "../../worker/unlessInterrupted";

const failing = () => Promise.reject(new Error("an inference process died"));

describe("work that may be interrupted", () => {
  it("gives what it gives, or fails as it fails, when nobody interrupts", async () => {
    const never = new AbortController().signal;

    await expect(unlessInterrupted(Promise.resolve(3), never)).resolves.toBe(3);
    await expect(unlessInterrupted(failing(), never)).rejects.toThrow("an inference process died");
  });

  it("is interrupted, not failed, when it fails after a Ctrl-C", async () => {
    await expect(unlessInterrupted(failing(), AbortSignal.abort())).resolves.toBeUndefined();
  });
});
