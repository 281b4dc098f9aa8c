/** Whether somebody is signed in, and who. */
import type { Management } from "../job/clients";
import { isSignInError } from "../job/signIn";
import { assessToken, claimsOf } from "../job/smoke/tokens";
import { fix, ok, type Check } from "./check";

export interface Caller {
  readonly token: string;
  readonly leftMs: number;
  /** Of the token; undefined where it does not say. */
  readonly objectId: string | undefined;
}

export const loginChecks: readonly Check[] = [
  {
    id: "login",
    title: "a token for Azure Resource Manager",
    place: "cloud",
    needs: [],
    look: async ({ caller }) => {
      try {
        const { token, leftMs } = await caller();
        const { kind, measured } = assessToken(token, leftMs);
        return kind === "ok" ? ok(measured) : fix(measured, ...remedies);
      } catch (error) {
        if (!isSignInError(error)) throw error;
        return fix("no credential on this machine gave a token", ...remedies);
      }
    },
  },
];

const remedies = [
  { command: "az login" },
  {
    command: "export AZURE_TENANT_ID=TENANT AZURE_CLIENT_ID=CLIENT AZURE_CLIENT_SECRET=SECRET",
    note: "a service principal; the same three as ARM_… for Pulumi",
  },
] as const;

export async function readCaller(management: Management, signal: AbortSignal): Promise<Caller> {
  const { token, expiresOnTimestamp } = await management.token(signal);
  return { token, leftMs: expiresOnTimestamp - Date.now(), objectId: claimsOf(token).oid };
}
