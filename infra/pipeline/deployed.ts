/** The commit that runs in an environment: of its newest deployment that ended well, by GitHub's own books. */
import type { GitHub } from "./github";

/** Throws a sentence when nothing was deployed there yet. */
export async function deployedCommit(github: GitHub, environment: string): Promise<string> {
  for await (const { id, sha } of github.deployments(environment))
    if ((await github.newestStatus(id)) === "success") return sha;
  throw new Error(`Nothing was deployed in environment ${environment} yet: run the workflow deploy first.`);
}
