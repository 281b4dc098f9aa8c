/**
 * What the tries of a task know of each other, `tries.json` beside the parts: whether the one before ended by itself, and which image was
 * alone in work when it did not. A try that follows a death takes the images that may have been in work then one by one; an image
 * that was alone in work at two deaths is set aside. Nobody can tell a process that an image killed from a node that was taken
 * away, so one death proves nothing: a node would have to go twice within the seconds of the same image.
 */
import { z } from "zod";
import { parseLine } from "../contract/ndjson";
import type { FailedLine } from "../contract/result";
import type { OutputContainer } from "../io/container";
import type { SourceImage } from "../run";

const imageKey = z.strictObject({ name: z.string(), etag: z.string().nullable() });
const triesFile = z.strictObject({
  version: z.literal(1),
  /** False while a try runs, and for ever after its process or its node died. */
  ended: z.boolean(),
  /** The only image in work; null: several are, or none. */
  alone: imageKey.nullable(),
  /** Images that were alone in work when a try died, and how often. */
  deaths: z.array(imageKey.extend({ count: z.int() })),
});

type ImageKey = z.infer<typeof imageKey>;
type Death = z.infer<typeof triesFile>["deaths"][number];

const deathsOfTheGuilty = 2;

export class Tries {
  private constructor(
    readonly output: OutputContainer,
    readonly name: string,
    /** The try before died, or one before that: images that may have killed it are to be taken alone. */
    readonly isCautious: boolean,
    readonly deaths: readonly Death[],
  ) {}

  /** Reads what earlier tries left, and says that one runs now. `prefix`: `runs/<job>/<task>`. */
  static async open(output: OutputContainer, prefix: string): Promise<Tries> {
    const name = `${prefix}/tries.json`;
    const found = (await output.list(name)).length > 0;
    const before = found ? parseLine(triesFile, await output.read(name), name) : null;
    const deaths = before === null ? [] : deathsAfter(before);
    const tries = new Tries(output, name, before !== null && (!before.ended || deaths.length > 0), deaths);
    await tries.#write(false, null);
    return tries;
  }

  /** The line of an image that has killed twice; null for every other. */
  setAside({ name, etag }: SourceImage): FailedLine | null {
    const isGuilty = this.deaths.some(
      (death) => isSame(death, { name, etag }) && death.count >= deathsOfTheGuilty,
    );
    const message = "The task died twice while it had nothing but this image in work; it was set aside.";
    return isGuilty
      ? { version: 1, image: { name, etag }, error: { stage: "detect", code: "crashed", message } }
      : null;
  }

  /** From now on this image is the only one in work. */
  alone({ name, etag }: SourceImage): Promise<void> {
    return this.#write(false, { name, etag });
  }

  several(): Promise<void> {
    return this.#write(false, null);
  }

  /** The try ends by itself, with images left. */
  end(): Promise<void> {
    return this.#write(true, null);
  }

  /** The task is done. */
  discard(): Promise<void> {
    return this.output.delete(this.name);
  }

  #write(ended: boolean, alone: ImageKey | null): Promise<void> {
    const content = { version: 1, ended, alone, deaths: [...this.deaths] } satisfies z.infer<
      typeof triesFile
    >;
    return this.output.write(this.name, `${JSON.stringify(content)}\n`, "application/json");
  }
}

/** Pure: the deaths so far, with that of the last try where it left one. */
function deathsAfter({ ended, alone, deaths }: z.infer<typeof triesFile>): Death[] {
  if (ended || alone === null) return deaths;
  const count = 1 + (deaths.find((death) => isSame(death, alone))?.count ?? 0);
  return [...deaths.filter((death) => !isSame(death, alone)), { ...alone, count }];
}

function isSame(one: ImageKey, other: ImageKey): boolean {
  return one.name === other.name && one.etag === other.etag;
}
