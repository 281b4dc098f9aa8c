/** Real models and photographs that may not be in the repository; tests that need them skip, saying so, when they are absent. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { project } from "./command";

export const verificationDir = resolve(project, process.env.VERIFICATION_DIR ?? "../shared/verification");

/** `it`, or a skip that says aloud why. */
export const itWithVerificationData: jest.It = existsSync(verificationDir) ? it : skipAloud();

function skipAloud(): jest.It {
  process.stderr.write(
    `skipping tests that need real models: there is no ${verificationDir} (VERIFICATION_DIR)\n`,
  );
  return it.skip;
}
