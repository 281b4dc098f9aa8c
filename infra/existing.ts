/** Questions about what a team has already: a sentence for a person where the answer is no. */
import * as pulumi from "@pulumi/pulumi";

/** The answer to an invoke about what `setting` names; throws a RunError, which ends the program without a stack trace. */
export async function existing<T>(setting: string, thing: string, question: Promise<T>): Promise<T> {
  try {
    return await question;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    // The provider passes on ARM's answer as text: ResourceGroupNotFound, ResourceNotFound, Status=404.
    throw new pulumi.RunError(
      /NotFound|\b404\b/.test(reason)
        ? `${setting}: there is no ${thing}; create it first, or leave the setting empty for one of the stack's own`
        : `${setting}: whether there is a ${thing} could not be found out: ${reason}`,
    );
  }
}
