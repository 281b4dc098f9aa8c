/** One cloud for all tests of a file; each takes job and pool ids of its own. */
import { type BatchCloud, type CloudOptions, withBatchCloud } from "./batchCloud";

/** Started before the file's first test and taken away after its last; to be read inside of tests. */
export function sharedCloud(options: CloudOptions = {}): { readonly current: BatchCloud } {
  let current: BatchCloud | undefined;
  let release = (): void => undefined;
  let over: Promise<void> | undefined;
  beforeAll(
    () =>
      new Promise<void>((started, failed) => {
        over = withBatchCloud((cloud) => {
          current = cloud;
          started();
          return new Promise<void>((done) => (release = done));
        }, options);
        over.catch(failed);
      }),
  );
  afterAll(async () => {
    release();
    await over;
  });
  return {
    get current() {
      if (current === undefined) throw new Error("the cloud is up only while tests run");
      return current;
    },
  };
}
