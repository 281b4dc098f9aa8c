import { readFileSync } from "node:fs";
import { join } from "node:path";
import { operations } from "../../../local/batch/routes";
import { withBatchCloud } from "./batchCloud";
import { bodyOf, pathOf } from "./operationCalls";
import { raw } from "./rawRequest";

const readme = readFileSync(join(__dirname, "../../../local/README.md"), "utf8");

/** The rows of local/README.md that begin with an operation's name: what it says of each. */
const rows = [...readme.matchAll(/^\| `(\w+\.\w+)` +\| (\S*) +\|/gm)].map(([, name, done]) => ({
  name,
  done,
}));

/** What stands behind `/certificates` for one of them. */
const certificate = { "*": "(thumbprintAlgorithm=sha1,thumbprint=ff)" };

describe("the support matrix", () => {
  it("has every operation once, and says of each whether the service does it", () => {
    expect(rows).toEqual(
      operations.map(({ name, handler }) => ({ name, done: handler === undefined ? "no" : "yes" })),
    );
  });

  it("is right that what is not done answers 501 with its name", async () => {
    const missing = operations.filter(({ handler }) => handler === undefined);
    await withBatchCloud(async (cloud) => {
      for (const operation of missing) {
        const { name, verb } = operation;
        const ids: Record<string, string> = name.startsWith("certificate.") ? certificate : {};
        const answer = await raw(cloud, verb, pathOf(operation, ids), bodyOf(operation));

        const body = { code: "NotImplemented", values: [{ key: "Operation", value: name }] };
        expect({ [name]: answer }).toMatchObject({
          [name]: { status: 501, body: verb === "HEAD" ? undefined : body },
        });
      }
    });
    expect(missing.length).toBeGreaterThan(0);
  });

  it("is right that what is done does not, whatever it says to a call on nothing", async () => {
    await withBatchCloud(async (cloud) => {
      for (const operation of operations.filter(({ handler }) => handler !== undefined)) {
        const answer = await raw(cloud, operation.verb, pathOf(operation), bodyOf(operation));

        expect([operation.name, answer.status < 500]).toEqual([operation.name, true]);
      }
    });
  });
});
