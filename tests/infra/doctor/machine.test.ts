/** What is installed here. */
import { join } from "node:path";
import { assessAz, assessNode, assessPulumi, assessPulumiLogin } from "../../../infra/doctor/machine";
import { openPrograms } from "../../../infra/doctor/programs";
import { isOlder, versionIn } from "../../../infra/doctor/version";
import { commandsOf } from "./fixtures";

const sdk = [3, 248, 0] as const;
const said = (stdout: string) => ({ kind: "said", stdout }) as const;

describe("versions", () => {
  it("are found in what programs say of themselves", () => {
    expect(versionIn("v3.248.0")).toEqual([3, 248, 0]);
    expect(versionIn('{ "azure-cli": "2.67.0", "azure-cli-core": "2.67.0" }')).toEqual([2, 67, 0]);
    expect(versionIn(">=20.15")).toEqual([20, 15, 0]);
    expect(versionIn("none")).toBeUndefined();
  });

  it("are compared as numbers, the first part first", () => {
    expect(isOlder([3, 99, 0], [3, 248, 0])).toBe(true);
    expect(isOlder([4, 0, 0], [3, 248, 0])).toBe(false);
    expect(isOlder([3, 248, 0], [3, 248, 0])).toBe(false);
  });
});

it("asks for the Node that package.json does", () => {
  expect(assessNode("v20.15.1", ">=20.15").kind).toBe("ok");
  const old = assessNode("v18.20.4", ">=20.15");

  expect(old).toMatchObject({ kind: "fix", measured: "18.20.4, expected >=20.15" });
  expect(commandsOf(old)[0]).toBe("nvm install 20");
});

it("takes a Pulumi as new as the SDK, and names the version to install", () => {
  expect(assessPulumi(said("v3.248.0"), sdk).kind).toBe("ok");
  expect(assessPulumi(said("v3.259.0"), sdk).kind).toBe("ok");
  for (const other of ["v3.99.0", "v4.0.0", "v2.25.0"])
    expect(assessPulumi(said(other), sdk).kind).toBe("fix");
  expect(assessPulumi(said("dev"), sdk).kind).toBe("unchecked");
  expect(commandsOf(assessPulumi({ kind: "absent" }, sdk))).toEqual([
    "curl -fsSL https://get.pulumi.com | sh -s -- --version 3.248.0",
  ]);
});

it("tells Pulumi's own words where nobody is logged in to its state", () => {
  expect(assessPulumiLogin(said("somebody"))).toMatchObject({
    kind: "ok",
    measured: "logged in as somebody",
  });
  const finding = assessPulumiLogin({ kind: "failed", reason: "PULUMI_ACCESS_TOKEN must be set" });

  expect(finding).toMatchObject({ kind: "fix", measured: "PULUMI_ACCESS_TOKEN must be set" });
  expect(commandsOf(finding)[0]).toBe("pulumi login");
});

it("can do without the Azure CLI", () => {
  expect(assessAz(said('{ "azure-cli": "2.67.0" }'))).toEqual({ kind: "ok", measured: "2.67.0" });
  expect(assessAz({ kind: "absent" }).kind).toBe("warning");
});

it("is asked with the environment that the doctor has, and its own words are told when it fails", async () => {
  const never = new AbortController().signal;
  const found = openPrograms(__dirname, { PATH: join(__dirname, "programs") }, never);

  expect(await found("pulumi", ["version"])).toEqual({ kind: "said", stdout: "v3.248.0" });
  expect(await found("pulumi", ["nothing"])).toEqual({ kind: "failed", reason: "unknown command nothing" });
  expect(await found("az", ["version"])).toEqual({ kind: "absent" });
});
