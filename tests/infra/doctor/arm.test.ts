/** How Azure Resource Manager is asked, against answers made up here. */
import { z } from "zod";
import { ArmRefusal, openArm, type Arm } from "../../../infra/doctor/arm";

const item = z.object({ name: z.string() });
const signal = (): AbortSignal => new AbortController().signal;

function armThat(answers: Readonly<Record<string, [status: number, text: string]>>): Arm {
  return openArm(
    "https://arm.example/",
    (_method, path) => {
      const [status, text] = answers[path] ?? [404, '{"error":{"code":"NotFound","message":"None."}}'];
      return Promise.resolve({ status, text });
    },
    signal,
  );
}

it("reads a list to its end, over the links that it gives", async () => {
  const arm = armThat({
    "/sizes?api-version=1": [
      200,
      '{"value":[{"name":"a"}],"nextLink":"https://arm.example/sizes?api-version=1&$skiptoken=2"}',
    ],
    "/sizes?api-version=1&$skiptoken=2": [200, '{"value":[{"name":"b"}]}'],
  });

  expect(await arm.list("/sizes", "1", item)).toEqual([{ name: "a" }, { name: "b" }]);
});

it("does not take its token to another host", async () => {
  const arm = armThat({
    "/sizes?api-version=1": [200, '{"value":[],"nextLink":"https://arm.example.org/sizes"}'],
  });

  await expect(arm.list("/sizes", "1", item)).rejects.toThrow("elsewhere: https://arm.example.org");
});

it("tells a thing that is not there from one that may not be seen", async () => {
  const refused = '{"error":{"code":"AuthorizationFailed","message":"Not you."}}';
  const arm = armThat({ "/secret?api-version=1": [403, refused], "/page?api-version=1": [502, "<html>"] });

  expect(await arm.find("/none", "1", item)).toBeNull();
  await expect(arm.find("/secret", "1", item)).rejects.toThrow("403 AuthorizationFailed: Not you.");
  await expect(arm.get("/page", "1", item)).rejects.toThrow(ArmRefusal);
});

it("says which answer is not what was expected", async () => {
  const arm = armThat({ "/odd?api-version=1": [200, "[]"] });

  await expect(arm.get("/odd", "1", item)).rejects.toThrow("ARM's answer to /odd?api-version=1");
});
