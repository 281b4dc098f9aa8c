/**
 * States that earlier versions of this program made (fixtures/states: `pulumi stack export` of a stack without pictures, times
 * blanked): the present program takes them over without replacing anything.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { post } from "../local/arm/armRequests";
import { project } from "../support/command";
import { openLocalCloud, type TestCloud } from "../support/localCloud";
import { copyProject, describeWithPulumi, type ProjectCopy } from "../support/pulumi";

interface StateResource {
  readonly id?: string;
  readonly type: string;
  readonly inputs: object;
  readonly outputs?: object;
}

/**
 * Makes the state's resources in this cloud, where they get other endpoints and ids than in the one that the state comes from.
 * Returns the state as it would be had it been made here.
 */
async function replay(text: string, cloud: TestCloud): Promise<string> {
  let state = text;
  const { deployment } = JSON.parse(text) as { deployment: { resources: StateResource[] } };
  for (const index of deployment.resources.keys()) {
    const now = JSON.parse(state) as typeof JSON & { deployment: { resources: StateResource[] } };
    const { type, inputs, outputs, id } = now.deployment.resources[index]!;
    if (!type.startsWith("azure-native:")) continue;
    const made = await post(cloud.cloud, "/resources/create", { type, inputs });
    expect(made).toMatchObject({ status: 200, body: { id } });
    for (const [before, after] of movedTexts(outputs ?? {}, made.body.outputs as object))
      state = state.replaceAll(before, after);
  }
  return state;
}

/** Endpoints and ids that only the cloud knows, before and after. */
function movedTexts(before: object, after: object): [string, string][] {
  const texts = (outputs: Record<string, unknown>): (string | undefined)[] => [
    (outputs.primaryEndpoints as { blob: string } | undefined)?.blob.replace(/\/$/, ""),
    outputs.accountEndpoint as string | undefined,
    outputs.clientId as string | undefined,
    outputs.principalId as string | undefined,
  ];
  const now = texts({ ...after });
  return texts({ ...before }).flatMap((text, index) =>
    text === undefined || text === now[index] ? [] : [[text, now[index]!] as [string, string]],
  );
}

describeWithPulumi("a state made by an earlier version", () => {
  let cloud: TestCloud;
  let copy: ProjectCopy;
  beforeAll(async () => {
    cloud = await openLocalCloud();
    copy = copyProject(cloud);
  }, 120_000);
  afterAll(() => cloud.stop(), 60_000);
  jest.setTimeout(240_000);

  it.each(["first"])(
    "(%s) goes up with nothing replaced, removed or made twice, and then stays",
    async (name) => {
      const before = readFileSync(join(project, `tests/fixtures/states/${name}.json`), "utf8");
      const { salt } = (JSON.parse(before) as ExportedState).deployment.secrets_providers.state;
      writeFileSync(join(copy.folder, "Pulumi.earlier.yaml"), stringify({ encryptionsalt: salt }));
      const stack = await copy.stack("earlier", { seedFolder: "" });
      const file = join(cloud.folder, "state.json");
      writeFileSync(file, await replay(before, cloud));
      expect(await stack.pulumi(["stack", "import", "--file", file])).toMatchObject({ code: 0 });

      const { ops } = await stack.up();

      const kinds = new Set(Object.values(ops).flat());
      expect([...kinds].filter((kind) => kind !== "update")).toEqual([]);
      // Its two nodes of fixed size become nodes that come with the work.
      expect(ops.pool).toEqual(["update"]);
      expect((await stack.pulumi(["preview", "--expect-no-changes"])).code).toBe(0);
      expect((await stack.pulumi(["destroy", "--yes", "--skip-preview"])).code).toBe(0);
      expect(cloud.cloud.store.table("resources").list()).toEqual([]);
    },
  );
});

interface ExportedState {
  readonly deployment: { readonly secrets_providers: { readonly state: { readonly salt: string } } };
}
