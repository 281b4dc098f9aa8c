/** `job inputs`: what is there to be detected in. */
import { typedPath } from "../../../worker/contract/commandLine";
import { exitCode } from "../../../worker/contract/exitCode";
import { UsageError } from "../../../worker/contract/runCommand";
import { connect } from "../clients";
import { folderDigest, listFolder } from "../inputs";
import { inputsSentence, lookAhead } from "../outlook";
import { targetOf } from "../targetOption";
import { action, note, print, project, targetCommand, type AddCommand, type StackOption } from "./command";

export const addInputs: AddCommand = (program, environment) => {
  const path = typedPath(environment);
  targetCommand(program, environment, "inputs", "list the images to detect in, and their digest")
    .option("--folder <dir>", "a folder of pictures instead of the input container", path)
    .action(
      action(async (options: StackOption & { folder?: string }) => {
        if (options.folder !== undefined && (options.target ?? options.stack) !== undefined)
          throw new UsageError("inputs takes either a stack (--stack or --target) or --folder.");
        if (options.folder !== undefined) {
          const images = await listFolder(options.folder);
          const result = { digest: folderDigest(images), images: images.length };
          print(options, result, `${result.images} images, digest ${result.digest}`);
        } else {
          const target = await targetOf(options, project);
          const outlook = await lookAhead(target, connect(target, note), note);
          print(options, outlook, inputsSentence(outlook));
        }
        return exitCode.ok;
      }),
    );
};
