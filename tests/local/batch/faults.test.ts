/** Faults on purpose as the unmodified SDK sees them: like Azure's own. */
import { Faults } from "../../../local/faults/faults";
import { faultsOf, settingsOf } from "../faults/given";
import { eventually, withBatchCloud } from "./batchCloud";
import { addJob, bash, nodesIn, pool, runTask, taskIn, textOf } from "./fixtures";

describe("a refused request", () => {
  it.each([
    [429, "TooManyRequests"],
    [503, "ServerBusy"],
  ] as const)("is a %i %s with Retry-After and the service's body, and passes", async (status, code) => {
    await withBatchCloud(
      async ({ client }) => {
        const refused = await client.pool.list().catch((error: unknown) => error);

        expect(refused).toMatchObject({
          statusCode: status,
          code,
          body: { code, message: { lang: "en-US", value: expect.stringContaining("RequestId:") as string } },
        });
        const { response } = refused as { response: { headers: { get(name: string): string } } };
        expect(response.headers.get("retry-after")).toBe("7");
        expect([...(await client.pool.list())]).toEqual([]);
      },
      { faults: faultsOf({ batchRequests: { status, retryAfterSeconds: 7, most: 1 } }) },
    );
  });
});

describe("a preempted node", () => {
  it("is listed as preempted, its tasks run again, and it comes back under its id with an empty disk", async () => {
    const faults = new Faults();
    await withBatchCloud(
      async ({ client }) => {
        await client.pool.add(pool());
        const [before] = await nodesIn(client, "idle");
        await addJob(client);
        const script = "echo ran >>$AZ_BATCH_NODE_SHARED_DIR/runs; sleep 1000";
        await client.task.add("job", { id: "task", commandLine: bash(script) });
        await taskIn(client, "task", "running");

        faults.set(
          settingsOf({ preemption: { everySeconds: 0.1, awaySeconds: 0.5, nodes: "running", most: 1 } }),
        );
        const [away] = await nodesIn(client, "preempted");
        const waiting = await taskIn(client, "task", "active");
        const counts = await client.account.listPoolNodeCounts();
        const [back] = await nodesIn(client, "running");

        expect([away?.id, back?.id]).toEqual([before?.id, before?.id]);
        expect(counts[0]?.dedicated).toMatchObject({ preempted: 1, running: 0, total: 1 });
        expect(waiting).toMatchObject({ state: "active", executionInfo: { requeueCount: 1, retryCount: 0 } });
        expect((await client.task.get("job", "task")).executionInfo?.requeueCount).toBe(1);
        const runs = await eventually("the second run to say so", () =>
          client.file.getFromComputeNode("pool", back?.id ?? "", "shared/runs").then(textOf, () => undefined),
        );
        expect(runs).toBe("ran\n");
        expect(back?.lastBootTime).not.toEqual(before?.lastBootTime);
        expect(faults.injected().preemption).toBe(1);
      },
      { faults },
    );
  });

  it("prepares a job again, and can be given back while it is away", async () => {
    const faults = new Faults();
    await withBatchCloud(
      async ({ client }) => {
        await client.pool.add(pool());
        await addJob(client, {
          jobPreparationTask: {
            commandLine: bash("touch $AZ_BATCH_NODE_SHARED_DIR/prepared"),
            rerunOnNodeRebootAfterSuccess: false,
          },
        });
        const needsPreparation = "[ -e $AZ_BATCH_NODE_SHARED_DIR/prepared ]";
        await runTask(client, needsPreparation, { id: "first" });

        faults.set(settingsOf({ preemption: { everySeconds: 0.1, awaySeconds: 0, most: 1 } }));
        await eventually("a preemption", () => Promise.resolve(faults.injected().preemption === 1));
        const again = await runTask(client, needsPreparation, { id: "second" });
        expect(again.executionInfo?.result).toBe("success");

        faults.set(settingsOf({ preemption: { everySeconds: 0.1, awaySeconds: 1000, most: 1 } }));
        await nodesIn(client, "preempted");
        await client.pool.deleteMethod("pool");
        await eventually("the pool to go", async () => !(await client.pool.exists("pool")).body);
      },
      { faults },
    );
  });
});

describe("a start task that fails on purpose", () => {
  it("leaves its node failed with its reason, and the others well", async () => {
    await withBatchCloud(
      async ({ client }) => {
        const startTask = { commandLine: "true", waitForSuccess: true };
        await client.pool.add(pool({ targetDedicatedNodes: 2, startTask }));

        const nodes = await eventually("both nodes to end their start tasks", async () => {
          const now = [...(await client.computeNode.list("pool"))];
          const done = now.filter(({ state }) => state === "idle" || state === "starttaskfailed");
          return done.length === 2 && now;
        });

        expect(nodes.map(({ state }) => state).sort()).toEqual(["idle", "starttaskfailed"]);
        const failed = nodes.find(({ state }) => state === "starttaskfailed");
        expect(failed?.startTaskInfo).toMatchObject({
          result: "failure",
          exitCode: 1,
          failureInfo: { code: "FailureExitCode" },
        });
        await client.computeNode.reboot("pool", failed?.id ?? "");
        await nodesIn(client, "idle", 2);
      },
      { faults: faultsOf({ startTasks: { most: 1 } }) },
    );
  });
});

describe("a smaller quota", () => {
  it("shows in resizeErrors, leaves the nodes that fit, and can be raised while the cloud runs", async () => {
    const faults = faultsOf({ quotas: { dedicatedCores: 3 } });
    await withBatchCloud(
      async ({ client }) => {
        await client.pool.add(pool({ targetDedicatedNodes: 2 }));
        const steady = () =>
          eventually("the resize to end", async () => {
            const now = await client.pool.get("pool");
            return now.allocationState === "steady" && now;
          });

        expect(await steady()).toMatchObject({
          currentDedicatedNodes: 1,
          resizeErrors: [{ code: "AccountCoreQuotaReached" }],
        });
        expect(faults.injected().quotas).toBe(1);

        faults.set(settingsOf({}));
        await client.pool.resize("pool", { targetDedicatedNodes: 2 });
        expect((await steady()).resizeErrors).toBeUndefined();
        await nodesIn(client, "idle", 2);
      },
      { faults },
    );
  });
});

describe("a slow boot", () => {
  it("keeps a node from its tasks until it is over or the node has to go, and ends with the fault for the next one", async () => {
    const faults = faultsOf({ nodeBoot: { extraSeconds: 3000 } });
    await withBatchCloud(
      async ({ client }) => {
        const resizeTo = async (targetDedicatedNodes: number): Promise<void> => {
          const isSteady = async () => (await client.pool.get("pool")).allocationState === "steady";
          await eventually("the resize before to end", isSteady);
          await client.pool.resize("pool", { targetDedicatedNodes });
        };
        await client.pool.add(pool());
        await nodesIn(client, "creating");
        await resizeTo(0);
        await eventually("the node to go", async () => (await client.computeNode.list("pool")).length === 0);
        expect(faults.injected().nodeBoot).toBe(1);

        faults.set(settingsOf({}));
        await resizeTo(1);

        await nodesIn(client, "idle");
      },
      { faults },
    );
  });
});
