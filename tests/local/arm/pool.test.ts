import { dataPlanePool } from "../../../local/arm/pool";

describe("a pool in the data plane's words", () => {
  const inputs = {
    resourceGroupName: "rg",
    accountName: "account",
    poolName: "pool-1",
    vmSize: "Standard_D2s_v3",
    deploymentConfiguration: {
      virtualMachineConfiguration: {
        imageReference: {
          publisher: "canonical",
          offer: "ubuntu-24_04-lts",
          sku: "server",
          version: "latest",
        },
        nodeAgentSkuId: "batch.node.ubuntu 24.04",
      },
    },
    scaleSettings: { fixedScale: { targetDedicatedNodes: 2 } },
  };

  it("spells the node agent and the enums as the data plane does", () => {
    const pool = dataPlanePool({
      ...inputs,
      taskSchedulingPolicy: { nodeFillType: "Spread" },
      targetNodeCommunicationMode: "Simplified",
      startTask: {
        commandLine: "true",
        userIdentity: { autoUser: { scope: "Pool", elevationLevel: "NonAdmin" } },
      },
    });

    expect(pool.virtualMachineConfiguration?.nodeAgentSKUId).toBe("batch.node.ubuntu 24.04");
    expect(pool.taskSchedulingPolicy?.nodeFillType).toBe("spread");
    expect(pool.targetNodeCommunicationMode).toBe("simplified");
    expect(pool.startTask?.userIdentity?.autoUser).toEqual({ scope: "pool", elevationLevel: "nonadmin" });
  });

  it("carries a fixed size or a formula, and the identities that only the management plane can attach", () => {
    const fixed = dataPlanePool({
      ...inputs,
      identity: { type: "UserAssigned", userAssignedIdentities: ["/id/a"] },
    });
    const formula = dataPlanePool({ ...inputs, scaleSettings: { autoScale: { formula: "$x = 1;" } } });

    expect(fixed).toMatchObject({
      enableAutoScale: false,
      targetDedicatedNodes: 2,
      identityResourceIds: ["/id/a"],
    });
    expect(formula).toMatchObject({
      enableAutoScale: true,
      autoScaleFormula: "$x = 1;",
      identityResourceIds: [],
    });
  });
});
