/** `job upload`: what the stack itself uploads with. */
import { InvalidArgumentError } from "commander";
import { typedPath } from "../../../worker/contract/commandLine";
import { exitCode } from "../../../worker/contract/exitCode";
import { UsageError } from "../../../worker/contract/runCommand";
import { connectContainer } from "../clients";
import { uploadFile, uploadFolder } from "../upload";
import { action, command, note, print, type AddCommand, type JsonOption } from "./command";

interface UploadOptions extends JsonOption {
  readonly blobEndpoint: string;
  readonly container: string;
  readonly file?: string;
  readonly blob?: string;
  readonly folder?: string;
}

const url = (text: string): string => {
  if (URL.canParse(text)) return text;
  throw new InvalidArgumentError("expected a URL.");
};

export const addUpload: AddCommand = (program, environment) => {
  const path = typedPath(environment);
  command(program, "upload", "upload a file that is not there yet, or the pictures of a folder that changed")
    .requiredOption("--blob-endpoint <url>", "blob endpoint of the storage account", url)
    .requiredOption("--container <name>", "container")
    .option("--file <path>", "the file to upload, with --blob", path)
    .option("--blob <name>", "the file's name in the container")
    .option("--folder <dir>", "the folder whose pictures to upload", path)
    .action(
      action(async (options: UploadOptions) => {
        const container = connectContainer(options.blobEndpoint, options.container);
        if (options.folder !== undefined && options.file === undefined && options.blob === undefined) {
          const result = await uploadFolder(container, options.folder, { note });
          print(
            options,
            result,
            `${result.uploaded} pictures uploaded, ${result.unchanged} were there already.`,
          );
        } else if (options.file !== undefined && options.blob !== undefined && options.folder === undefined) {
          const result = await uploadFile(container, options.file, options.blob, { note });
          print(options, result, `${result.blob} ${result.uploaded ? "uploaded" : "was there already"}.`);
        } else throw new UsageError("upload takes either --folder, or --file with --blob.");
        return exitCode.ok;
      }),
    );
};
