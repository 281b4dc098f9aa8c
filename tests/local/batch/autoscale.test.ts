import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BatchServiceClient, BatchServiceModels } from "@azure/batch";
import { autoscaleFormula } from "../../../infra/autoscale";
import { type BatchCloud, eventually, refusal, withBatchCloud } from "./batchCloud";
import { addJob, bash, completed, nodesIn, pool, taskIn } from "./fixtures";

const scaled = (
  autoScaleFormula: string,
  more: Partial<BatchServiceModels.PoolAddParameter> = {},
): BatchServiceModels.PoolAddParameter =>
  pool({ targetDedicatedNodes: undefined, enableAutoScale: true, autoScaleFormula, ...more });

const keepsOne = "$TargetDedicatedNodes=1;";

function steadyAt(
  client: BatchServiceClient,
  currentDedicatedNodes: number,
): Promise<BatchServiceModels.CloudPool> {
  return eventually(`a steady pool of ${currentDedicatedNodes} nodes`, async () => {
    const shown = await client.pool.get("pool");
    return (
      shown.allocationState === "steady" && shown.currentDedicatedNodes === currentDedicatedNodes && shown
    );
  });
}

/** A task that runs until the file it returns is there. */
async function waitingTask({ client, root }: BatchCloud, id: string): Promise<void> {
  const mark = join(root, id);
  const script = `touch ${mark}; until [ -e ${join(root, "go")} ]; do sleep 0.05; done`;
  await client.task.add("job", { id, commandLine: bash(script) });
}

const isRunning = (root: string, id: string): Promise<boolean> => Promise.resolve(existsSync(join(root, id)));

describe("a pool with a formula", () => {
  it("is evaluated when it is made, and shows formula, interval and evaluation", async () => {
    await withBatchCloud(
      async ({ client }) => {
        const added = await client.pool.add(scaled(keepsOne));
        const shown = await client.pool.get("pool");

        expect(shown).toMatchObject({
          enableAutoScale: true,
          autoScaleFormula: keepsOne,
          autoScaleEvaluationInterval: "PT15M",
          allocationState: "resizing",
          targetDedicatedNodes: 1,
          targetLowPriorityNodes: 0,
          autoScaleRun: {
            results: "$TargetDedicatedNodes=1;$TargetLowPriorityNodes=0;$NodeDeallocationOption=requeue",
          },
        });
        expect(shown.autoScaleRun?.error).toBeUndefined();
        expect(shown.eTag).toBe(added.eTag);
        expect((await steadyAt(client, 1)).eTag).toBe(added.eTag);
      },
      { nodeBootMs: 1500 },
    );
  });

  it("gets nodes for the tasks that wait, keeps them while tasks run, and gives them back", async () => {
    await withBatchCloud(
      async (cloud) => {
        const { client, root } = cloud;
        await client.pool.add(scaled(autoscaleFormula({ minNodes: 0, maxNodes: 2, spotShare: 0 })));
        await addJob(client);
        expect(await client.pool.get("pool")).toMatchObject({ targetDedicatedNodes: 0 });

        for (const id of ["a", "b", "c"]) await waitingTask(cloud, id);
        await steadyAt(client, 2);
        await eventually(
          "two tasks to run",
          async () => (await isRunning(root, "a")) && isRunning(root, "b"),
        );
        writeFileSync(join(root, "go"), "");
        await steadyAt(client, 0);

        const tasks = await client.task.list("job");
        expect(tasks.map((task) => [task.state, task.executionInfo?.requeueCount])).toEqual(
          Array(3).fill(["completed", 0]),
        );
        expect((await client.pool.get("pool")).autoScaleRun?.results).toContain(";maxNodes=2;");
      },
      { autoscaleSpeed: 3000 },
    );
  });

  it("that cannot be evaluated stays as it is, says why, and tries again", async () => {
    await withBatchCloud(
      async ({ client }) => {
        await client.pool.add(
          scaled("$TargetDedicatedNodes = 1 + max($PendingTasks.GetSample(TimeInterval_Minute, 50));"),
        );
        expect(await client.pool.get("pool")).toMatchObject({
          allocationState: "steady",
          targetDedicatedNodes: 0,
          autoScaleRun: {
            results: "$TargetDedicatedNodes=0;$TargetLowPriorityNodes=0;$NodeDeallocationOption=requeue",
            error: {
              code: "InsufficientSampleData",
              message: "Autoscale evaluation failed due to insufficient sample data",
              values: [
                {
                  name: "Message",
                  value:
                    "Line 1, Col 47: Insufficient data from data set: $PendingTasks wanted 50%, received 0%",
                },
              ],
            },
          },
        });

        expect((await steadyAt(client, 1)).autoScaleRun?.error).toBeUndefined();
      },
      // 3 s between evaluations: there is time to look at the first.
      { autoscaleSpeed: 300 },
    );
  });

  it("tries again at each evaluation where a quota left it without nodes", async () => {
    await withBatchCloud(
      async ({ client }) => {
        await client.pool.add(pool({ id: "other" }));
        await client.pool.add(scaled(keepsOne));
        const held = await steadyAt(client, 0);
        expect(held.resizeErrors?.map(({ code }) => code)).toEqual(["AccountCoreQuotaReached"]);

        await client.pool.deleteMethod("other");

        expect((await steadyAt(client, 1)).resizeErrors).toBeUndefined();
      },
      { autoscaleSpeed: 3000, quotas: { dedicatedCoreQuota: 2 } },
    );
  });

  it("takes its formula and its nodes over a restart", async () => {
    await withBatchCloud(async (cloud) => {
      await cloud.client.pool.add(scaled(keepsOne));
      await nodesIn(cloud.client, "idle");

      await cloud.restart();
      await nodesIn(cloud.client, "idle");

      expect(await cloud.client.pool.get("pool")).toMatchObject({
        enableAutoScale: true,
        targetDedicatedNodes: 1,
        currentDedicatedNodes: 1,
      });
    });
  });

  it("goes on by its interval after a restart", async () => {
    await withBatchCloud(
      async (cloud) => {
        await cloud.client.pool.add(scaled("$TargetDedicatedNodes = $SucceededTasks;"));
        const before = (await cloud.client.pool.get("pool")).autoScaleRun?.timestamp;

        await cloud.restart();

        await eventually("another evaluation", async () => {
          const run = (await cloud.client.pool.get("pool")).autoScaleRun;
          return run !== undefined && Number(run.timestamp) > Number(before);
        });
      },
      { autoscaleSpeed: 3000 },
    );
  });

  it.each<[string, Partial<BatchServiceModels.PoolAddParameter>, string, string]>([
    [
      "an unknown name",
      { autoScaleFormula: "$TargetDedicatedNodes = unknown;" },
      "AutoScalingFormulaSyntaxError",
      "Line 1, Col 25: Unknown variable unknown",
    ],
    [
      "a syntax error",
      { autoScaleFormula: "a = 1\nb = 2" },
      "AutoScalingFormulaSyntaxError",
      "Line 2, Col 1: Expected ;, found b",
    ],
    [
      "no formula to speak of",
      { autoScaleFormula: " " },
      "AutoScalingFormulaSyntaxError",
      "The formula is empty",
    ],
    [
      "more than 8 KB",
      { autoScaleFormula: `// ${"é".repeat(4096)}\na=1` },
      "AutoScalingFormulaTooLong",
      "8199 bytes of at most 8192",
    ],
    [
      "more than 100 statements",
      { autoScaleFormula: "a=1;".repeat(101) },
      "AutoScalingFormulaTooLong",
      "101 statements of at most 100",
    ],
    [
      "a short interval",
      { autoScaleEvaluationInterval: "PT4M59S" },
      "InvalidPropertyValue",
      "5 minutes to 168 hours are allowed.",
    ],
    [
      "a long interval",
      { autoScaleEvaluationInterval: "P8D" },
      "InvalidPropertyValue",
      "5 minutes to 168 hours are allowed.",
    ],
  ])("is refused with %s", async (_what, more, code, words) => {
    await withBatchCloud(async ({ client }) => {
      const refused = await refusal(client.pool.add(scaled(keepsOne, more)));

      expect(refused).toMatchObject({ status: 400, code });
      expect(JSON.stringify(refused.body)).toContain(words);
      expect((await client.pool.exists("pool")).body).toBe(false);
    });
  });
});

describe("enabling automatic scaling", () => {
  it("evaluates at once, and waits for tasks where the formula says so", async () => {
    await withBatchCloud(async (cloud) => {
      const { client, root } = cloud;
      await client.pool.add(pool());
      await addJob(client);
      await waitingTask(cloud, "a");
      await taskIn(client, "a", "running");
      const { eTag } = await client.pool.get("pool");

      const enabled = await client.pool.enableAutoScale("pool", {
        autoScaleFormula: "$TargetDedicatedNodes=0;$NodeDeallocationOption=taskcompletion",
        autoScaleEvaluationInterval: "PT6M",
      });
      await nodesIn(client, "leavingpool");

      const shown = await client.pool.get("pool");
      expect(shown).toMatchObject({
        enableAutoScale: true,
        autoScaleEvaluationInterval: "PT6M",
        allocationState: "resizing",
        currentDedicatedNodes: 1,
        targetDedicatedNodes: 0,
      });
      expect(shown.eTag).toBe(enabled.eTag);
      expect(shown.eTag).not.toBe(eTag);
      expect(await refusal(client.pool.resize("pool", { targetDedicatedNodes: 1 }))).toMatchObject({
        status: 409,
        code: "OperationInvalidForCurrentState",
      });
      writeFileSync(join(root, "go"), "");
      await steadyAt(client, 0);
      expect((await completed(client, "a")).executionInfo?.requeueCount).toBe(0);
    });
  });

  it("changes nothing with a formula that asks for what there is", async () => {
    await withBatchCloud(async ({ client }) => {
      await client.pool.add(pool({ targetDedicatedNodes: 2 }));
      await nodesIn(client, "idle", 2);

      await client.pool.enableAutoScale("pool", {
        autoScaleFormula: "$TargetDedicatedNodes = $CurrentDedicatedNodes;",
      });

      expect(await client.pool.get("pool")).toMatchObject({
        allocationState: "steady",
        targetDedicatedNodes: 2,
        currentDedicatedNodes: 2,
      });
    });
  });

  it("again takes a new formula or a new interval and keeps the other, but not within 30 seconds", async () => {
    await withBatchCloud(
      async ({ client }) => {
        await client.pool.add(scaled("$TargetDedicatedNodes=0"));
        await client.pool.enableAutoScale("pool", { autoScaleEvaluationInterval: "PT10M" });
        expect(
          await refusal(client.pool.enableAutoScale("pool", { autoScaleFormula: keepsOne })),
        ).toMatchObject({ status: 503, code: "TooManyEnableAutoScaleRequests" });
        await eventually("30 seconds, which are short here", async () =>
          client.pool.enableAutoScale("pool", { autoScaleFormula: keepsOne }).then(
            () => true,
            () => false,
          ),
        );

        expect(await client.pool.get("pool")).toMatchObject({
          autoScaleFormula: keepsOne,
          autoScaleEvaluationInterval: "PT10M",
          targetDedicatedNodes: 1,
        });
      },
      { autoscaleSpeed: 100 },
    );
  });

  it("is refused while the pool resizes, with a stale tag, and with nothing to enable", async () => {
    await withBatchCloud(
      async ({ client }) => {
        await client.pool.add(pool());
        const enable = (
          given: BatchServiceModels.PoolEnableAutoScaleParameter,
          poolEnableAutoScaleOptions: BatchServiceModels.PoolEnableAutoScaleOptions = {},
        ) => refusal(client.pool.enableAutoScale("pool", given, { poolEnableAutoScaleOptions }));

        expect(await enable({ autoScaleFormula: keepsOne })).toMatchObject({
          status: 409,
          code: "PoolBeingResized",
        });
        expect(await enable({ autoScaleFormula: keepsOne }, { ifMatch: "0x1" })).toMatchObject({
          status: 412,
          code: "ConditionNotMet",
        });
        expect(await enable({ autoScaleEvaluationInterval: "PT5M" })).toMatchObject({
          status: 400,
          code: "InvalidAutoScalingSettings",
        });
        expect(await enable({ autoScaleFormula: "x" })).toMatchObject({
          status: 400,
          code: "AutoScalingFormulaSyntaxError",
        });
        expect(
          await refusal(client.pool.enableAutoScale("other", { autoScaleFormula: keepsOne })),
        ).toMatchObject({ status: 404, code: "PoolNotFound" });
        expect((await client.pool.get("pool")).enableAutoScale).toBe(false);
      },
      { nodeBootMs: 60_000 },
    );
  });
});

describe("disabling automatic scaling", () => {
  it("keeps the target, which can be changed from then on", async () => {
    await withBatchCloud(async ({ client }) => {
      await client.pool.add(scaled("$TargetDedicatedNodes=2"));
      const { eTag } = await steadyAt(client, 2);

      const disabled = await client.pool.disableAutoScale("pool");

      const shown = await client.pool.get("pool");
      expect(shown).toMatchObject({
        enableAutoScale: false,
        targetDedicatedNodes: 2,
        allocationState: "steady",
      });
      expect(shown.autoScaleFormula).toBeUndefined();
      expect(shown.autoScaleEvaluationInterval).toBeUndefined();
      expect(shown.autoScaleRun).toBeUndefined();
      expect(shown.eTag).toBe(disabled.eTag);
      expect(shown.eTag).not.toBe(eTag);
      await client.pool.resize("pool", { targetDedicatedNodes: 1 });
      await steadyAt(client, 1);
    });
  });

  it("ends the evaluations", async () => {
    await withBatchCloud(
      async ({ client }) => {
        await client.pool.add(scaled("$TargetDedicatedNodes=$SucceededTasks"));
        await client.pool.disableAutoScale("pool");
        await addJob(client);
        await client.pool.resize("pool", { targetDedicatedNodes: 2 });
        await steadyAt(client, 2);
        await client.task.add("job", { id: "task", commandLine: "sleep 0.5" });
        await completed(client, "task");

        expect(await client.pool.get("pool")).toMatchObject({
          targetDedicatedNodes: 2,
          currentDedicatedNodes: 2,
        });
      },
      { autoscaleSpeed: 3000 },
    );
  });
});

describe("evaluating a formula", () => {
  it("says what it would decide, and changes nothing", async () => {
    await withBatchCloud(async ({ client }) => {
      await client.pool.add(scaled("$TargetDedicatedNodes=0"));
      const before = await client.pool.get("pool");

      const run = await client.pool.evaluateAutoScale("pool", "$TargetDedicatedNodes=3");

      expect(run.results).toBe(
        "$TargetDedicatedNodes=3;$TargetLowPriorityNodes=0;$NodeDeallocationOption=requeue",
      );
      expect(run.error).toBeUndefined();
      expect(run.timestamp).toBeInstanceOf(Date);
      expect(run._response.bodyAsText).toContain('#Microsoft.Azure.Batch.Protocol.Entities.AutoScaleRun"');
      const { eTag, autoScaleRun, allocationState } = await client.pool.get("pool");
      expect({ eTag, autoScaleRun, allocationState }).toEqual({
        eTag: before.eTag,
        autoScaleRun: before.autoScaleRun,
        allocationState: "steady",
      });
    });
  });

  it("answers a mistake with 200, what there is and where it is", async () => {
    await withBatchCloud(async ({ client }) => {
      await client.pool.add(scaled("$TargetDedicatedNodes=2", { metadata: [] }));

      const run = await client.pool.evaluateAutoScale("pool", "$something_useless");

      expect(run._response.status).toBe(200);
      expect(run.results).toBe(
        "$TargetDedicatedNodes=2;$TargetLowPriorityNodes=0;$NodeDeallocationOption=requeue",
      );
      expect(run.error).toMatchObject({
        code: "AutoScalingFormulaEvaluationError",
        values: [{ name: "Message", value: "Line 1, Col 1: Unknown variable $something_useless" }],
      });
    });
  });

  it("is refused for a pool without a formula, for no pool, and for a formula that is too long", async () => {
    await withBatchCloud(async ({ client }) => {
      await client.pool.add(pool({ targetDedicatedNodes: 0 }));
      const evaluate = (id: string, formula = keepsOne) =>
        refusal(client.pool.evaluateAutoScale(id, formula));

      expect(await evaluate("pool")).toMatchObject({
        status: 409,
        code: "OperationInvalidForCurrentState",
      });
      expect(await evaluate("other")).toMatchObject({ status: 404, code: "PoolNotFound" });
      await client.pool.enableAutoScale("pool", { autoScaleFormula: "$TargetDedicatedNodes=0" });
      expect(await evaluate("pool", `${keepsOne}//${" ".repeat(8192)}`)).toMatchObject({
        status: 400,
        code: "AutoScalingFormulaTooLong",
      });
    });
  });
});
