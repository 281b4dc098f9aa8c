/** Whether the Batch service answers as the job step speaks to it. */
import { ok, unknown, wrong, type Check, type Finding } from "./check";
import { clockCheck } from "./clock";
import { refusalOf, type Refusal } from "./refusal";

const giveBatchRole =
  "Give yourself Azure Batch Data Contributor on the Batch account (setting `operators`, then pulumi up). UnsupportedRequestVersion: " +
  "the api-version has been retired; set a newer one on the client in infra/job/clients.ts.";

export const serviceChecks: readonly Check[] = [
  {
    id: "batch-answers",
    title: "Batch answers, with the api-version in use",
    anchor: "api-version-of-batch",
    change: giveBatchRole,
    needs: ["reach-batch", "token-batch"],
    look: async ({ probes, batchSignal }) => {
      const jobListOptions = { maxResults: 1, select: "id" };
      await probes.batch.job.list({ jobListOptions, abortSignal: batchSignal() });
      return ok(`api-version ${probes.batch.apiVersion}`);
    },
  },
  {
    id: "batch-audience",
    title: "which audiences of a token Batch takes",
    anchor: "tokens",
    change:
      "infra/job/clients.ts asks for the scope with the double slash (batchScope): use the one that is taken.",
    needs: ["batch-answers"],
    look: async ({ probes, batchSignal }) => {
      const jobListOptions = { maxResults: 1, select: "id" };
      const refusal = await refusalOf(() =>
        probes.batchSingleSlash.job.list({ jobListOptions, abortSignal: batchSignal() }),
      );
      return assessAudience(refusal);
    },
  },
  clockCheck("Batch", ["batch-answers"], async ({ probes, batchSignal }) => {
    const jobListOptions = { maxResults: 1, select: "id" };
    const answer = await probes.batch.job.list({ jobListOptions, abortSignal: batchSignal() });
    const date = answer._response.headers.get("date");
    return date === undefined ? undefined : new Date(date);
  }),
];

/** Pure: with the double slash, which this program uses, Batch has answered. That the other is refused would be no fault. */
export function assessAudience(singleSlash: Refusal | null): Finding {
  if (singleSlash === null) return ok("with one slash as well as with two");
  if (singleSlash.status === 401 || singleSlash.status === 403)
    return ok(
      `with two slashes only (with one: ${singleSlash.status} ${singleSlash.code ?? "without a code"})`,
    );
  return singleSlash.status === null
    ? unknown(`no answer or no token for the single slash (${singleSlash.code ?? "no code"})`)
    : wrong(`with one slash: ${singleSlash.status} ${singleSlash.code ?? "without a code"}`);
}
