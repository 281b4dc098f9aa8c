import { existsSync } from "node:fs";
import { join } from "node:path";
import type { BatchServiceModels } from "@azure/batch";
import { BatchFailure } from "../../../local/compute/failure";
import type { PoolSpec } from "../../../local/compute/state";
import { eventually, identityId, withBatchCloud } from "./batchCloud";
import { addJob, bash, nodesIn, pool, taskIn } from "./fixtures";

const spec = (more: Partial<PoolSpec> = {}): PoolSpec => ({ identityResourceIds: [], ...pool(), ...more });
const formula = {
  targetDedicatedNodes: undefined,
  enableAutoScale: true,
  autoScaleFormula: "$TargetDedicatedNodes=1;",
};

function failureOf(act: () => unknown): BatchFailure {
  try {
    act();
  } catch (error) {
    if (error instanceof BatchFailure) return error;
  }
  throw new Error("it was not refused");
}

describe("an update of a pool from the management plane", () => {
  it("replaces metadata, name and start task at once, and what it does not name goes", async () => {
    await withBatchCloud(async ({ client, account }) => {
      account.createPool(spec({ displayName: "before", metadata: [{ name: "a", value: "b" }] }));
      await nodesIn(client, "idle");

      account.updatePool(spec({ metadata: [{ name: "c", value: "d" }] }));

      const shown = await client.pool.get("pool");
      expect(shown.metadata).toEqual([{ name: "c", value: "d" }]);
      expect(shown.displayName).toBeUndefined();
      expect(shown).toMatchObject({ allocationState: "steady", currentDedicatedNodes: 1 });
    });
  });

  it("gives a new start task to nodes that boot from then on, not to those that run", async () => {
    await withBatchCloud(async ({ client, account, root }) => {
      const log = join(root, "log");
      const startTask = (word: string): PoolSpec["startTask"] => ({
        commandLine: bash(`echo ${word} >>${log}`),
        waitForSuccess: true,
      });
      account.createPool(spec({ startTask: startTask("old") }));
      const [node] = await nodesIn(client, "idle");
      const commandOf = async () =>
        (await client.computeNode.get("pool", node?.id ?? "")).startTask?.commandLine;

      account.updatePool(spec({ startTask: startTask("new") }));
      expect((await client.pool.get("pool")).startTask?.commandLine).toContain("new");
      expect(await commandOf()).toContain("old");
      await client.computeNode.reboot("pool", node?.id ?? "");
      await eventually("the new start task", async () => (await commandOf())?.includes("new"));
      await nodesIn(client, "idle");

      const [now] = await client.computeNode.list("pool");
      expect(now?.startTaskInfo?.result).toBe("success");
    });
  });

  it("changes the number of nodes, and the newest number wins while the pool still resizes", async () => {
    await withBatchCloud(async ({ client, account, root }) => {
      account.createPool(spec());
      await nodesIn(client, "idle");
      await addJob(client);
      const mark = join(root, "mark");
      await client.task.add("job", { id: "task", commandLine: bash(`touch ${mark}; sleep 1000`) });
      await eventually("the task's mark", () => Promise.resolve(existsSync(mark)));

      account.updatePool(spec({ targetDedicatedNodes: 0 }), "taskcompletion");
      await nodesIn(client, "leavingpool");
      expect(account.poolSize("pool")).toMatchObject({ currentDedicatedNodes: 1, targetDedicatedNodes: 0 });
      account.updatePool(spec({ targetDedicatedNodes: 2 }));

      await eventually("both nodes", async () => {
        const shown = await client.pool.get("pool");
        return shown.allocationState === "steady" && shown.currentDedicatedNodes === 2;
      });
      expect((await taskIn(client, "task", "running")).executionInfo?.requeueCount).toBe(0);
      expect(account.getPool("pool")?.resizeErrors).toBeUndefined();
    });
  });

  it("goes from a number to a formula, which is evaluated, to another formula, and back to a number", async () => {
    await withBatchCloud(async ({ client, account }) => {
      account.createPool(spec({ targetDedicatedNodes: 2 }));
      await nodesIn(client, "idle", 2);

      account.updatePool(spec(formula));
      await nodesIn(client, "idle");
      expect(await client.pool.get("pool")).toMatchObject({
        enableAutoScale: true,
        targetDedicatedNodes: 1,
        autoScaleRun: { results: expect.stringContaining("$TargetDedicatedNodes=1;") as string },
      });
      account.updatePool(spec({ ...formula, autoScaleFormula: "$TargetDedicatedNodes=3;" }));
      await nodesIn(client, "idle", 3);
      account.updatePool(spec({ targetDedicatedNodes: 1 }));

      await nodesIn(client, "idle");
      const shown = await client.pool.get("pool");
      expect(shown).toMatchObject({ enableAutoScale: false, targetDedicatedNodes: 1 });
      expect(shown.autoScaleRun).toBeUndefined();
    });
  });

  it("keeps what the formula decided where only something else changes", async () => {
    await withBatchCloud(async ({ client, account }) => {
      account.createPool(spec(formula));
      await nodesIn(client, "idle");
      const { autoScaleRun } = await client.pool.get("pool");

      account.updatePool(spec({ ...formula, metadata: [{ name: "a", value: "b" }] }));

      const shown = await client.pool.get("pool");
      expect(shown).toMatchObject({ targetDedicatedNodes: 1, allocationState: "steady", autoScaleRun });
      expect(shown.metadata).toEqual([{ name: "a", value: "b" }]);
    });
  });

  it("is refused with a formula that has a mistake", async () => {
    await withBatchCloud(async ({ account }) => {
      account.createPool(spec(formula));

      const failure = failureOf(() => account.updatePool(spec({ ...formula, autoScaleFormula: "a = b;" })));

      expect(failure.code).toBe("AutoScalingFormulaSyntaxError");
      expect(account.getPool("pool")?.spec.autoScaleFormula).toBe(formula.autoScaleFormula);
      await Promise.resolve();
    });
  });

  it.each<[string, Partial<PoolSpec>, string, string]>([
    ["size", { vmSize: "Standard_D4s_v3" }, "vmSize", "properties.vmSize"],
    ["slots", { taskSlotsPerNode: 2 }, "taskSlotsPerNode", "properties.taskSlotsPerNode"],
    [
      "image",
      {
        virtualMachineConfiguration: {
          imageReference: { publisher: "canonical", offer: "ubuntu-26_04-lts", sku: "server" },
          nodeAgentSKUId: "batch.node.ubuntu 26.04",
        },
      },
      "deploymentConfiguration",
      "properties.deploymentConfiguration",
    ],
    ["identity", { identityResourceIds: [identityId] }, "identity", "identity"],
    [
      "communication",
      { targetNodeCommunicationMode: "simplified" },
      "targetNodeCommunicationMode",
      "properties.targetNodeCommunicationMode",
    ],
  ])(
    "refuses another %s while there are nodes, and takes it once there are none",
    async (_what, more, name, path) => {
      await withBatchCloud(async ({ client, account }) => {
        account.createPool(spec());
        await nodesIn(client, "idle");

        const failure = failureOf(() => account.updatePool(spec(more)));
        expect(failure.code).toBe("PropertyCannotBeUpdated");
        expect(failure.details.slice(1)).toEqual([
          { key: "PropertyName", value: name },
          { key: "PropertyPath", value: path },
        ]);
        account.updatePool(spec({ targetDedicatedNodes: 0 }));
        await eventually("no nodes", async () => {
          const shown = await client.pool.get("pool");
          return shown.allocationState === "steady" && shown.currentDedicatedNodes === 0;
        });
        account.updatePool(spec(more));

        await nodesIn(client, "idle");
      });
    },
  );

  it("takes a default that is written out, and another letter case, for no change", async () => {
    await withBatchCloud(async ({ client, account }) => {
      account.createPool(spec());
      await nodesIn(client, "idle");

      account.updatePool(
        spec({
          vmSize: "STANDARD_D2S_V3",
          taskSlotsPerNode: 1,
          taskSchedulingPolicy: { nodeFillType: "spread" },
          targetNodeCommunicationMode: "default",
          enableInterNodeCommunication: false,
        }),
      );

      expect((await client.pool.get("pool")).currentDedicatedNodes).toBe(1);
    });
  });

  it("is refused for a pool that is not there, is being deleted, or would be wrong", async () => {
    await withBatchCloud(async ({ client, account }) => {
      expect(failureOf(() => account.updatePool(spec())).code).toBe("PoolNotFound");
      account.createPool(spec());
      await nodesIn(client, "idle");
      const wrong: Partial<BatchServiceModels.PoolAddParameter> = { taskSlotsPerNode: 257 };
      expect(failureOf(() => account.updatePool(spec(wrong))).code).toBe("InvalidPropertyValue");

      const gone = account.deletePool("pool");

      expect(failureOf(() => account.updatePool(spec())).code).toBe("PoolBeingDeleted");
      await gone;
    });
  });
});
