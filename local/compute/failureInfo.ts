/** Why a run failed, in the codes and words of the service's failureInfo (Batch REST: TaskFailureInformationCodes). */
import type { BlobError } from "../blobs";
import type { FailureInfo } from "./state";

/** The part of a run that says it failed. */
export function failed(failureInfo: FailureInfo): { result: "failure"; failureInfo: FailureInfo } {
  return { result: "failure", failureInfo };
}

/** A URL without its query: a SAS is a secret. */
export const withoutQuery = (url: string): string => url.split("?")[0] ?? url;

export function failureExitCode(exitCode: number): FailureInfo {
  return {
    category: "UserError",
    code: "FailureExitCode",
    message: "The task process exited with an unexpected exit code",
    details: [{ name: "Message", value: `The task exited with exit code ${exitCode}` }],
  };
}

/** Recorded for a task that its user ended; the same code is used when the time is over. */
export const endedByUser: FailureInfo = {
  category: "UserError",
  code: "TaskEnded",
  message: "Task Was Ended by User Request",
};

export const outOfTime: FailureInfo = {
  category: "UserError",
  code: "TaskEnded",
  message: "The task was ended because it ran longer than its maxWallClockTime",
};

export function programNotFound(program: string): FailureInfo {
  return {
    category: "UserError",
    code: "CommandProgramNotFound",
    message: "The specified command program is not found",
    details: [{ name: "Program", value: program }],
  };
}

export function launchFailed(reason: string): FailureInfo {
  return {
    category: "UserError",
    code: "CommandLaunchFailed",
    message: "Failed to launch the specified command line",
    details: [{ name: "Message", value: reason }],
  };
}

export function downloadFailed(url: string, error: BlobError): FailureInfo {
  const details = [{ name: "BlobUrl", value: withoutQuery(url) }];
  const message = (what: string): string => `${what}: ${error.message}`;
  switch (error.failure) {
    case "blob-not-found":
    case "container-not-found":
      return {
        category: "UserError",
        code: "BlobNotFound",
        message: message("One of the specified Azure Blob(s) is not found"),
        details,
      };
    case "access-denied":
      return {
        category: "UserError",
        code: "BlobAccessDenied",
        message: message("Access for one of the specified Azure Blob(s) is denied"),
        details,
      };
    case "other":
      return {
        category: "ServerError",
        code: "BlobDownloadMiscError",
        message: message(
          "A miscellaneous error was encountered while downloading one of the specified Azure Blob(s)",
        ),
        details,
      };
  }
}

export function downloadTimedOut(afterMs: number): FailureInfo {
  return {
    category: "ServerError",
    code: "BlobDownloadTimedOut",
    message: `The resource files did not arrive within ${afterMs / 60_000} minutes`,
  };
}

export function identityNotAttached(identityResourceId: string, poolId: string): FailureInfo {
  return {
    category: "UserError",
    code: "BlobAccessDenied",
    message: `The identity ${identityResourceId} is not attached to pool ${poolId}`,
  };
}

export function fileNotCreated(reason: string): FailureInfo {
  return {
    category: "ServerError",
    code: "ResourceFileCreateFailed",
    message: `A resource file could not be created: ${reason}`,
  };
}

export function uploadFailed(file: string, error: BlobError): FailureInfo {
  const details = [{ name: "FilePath", value: file }];
  const message = (what: string): string => `${what}: ${error.message}`;
  switch (error.failure) {
    case "container-not-found":
      return {
        category: "UserError",
        code: "FileUploadContainerNotFound",
        message: message("The container to upload output files to is not found"),
        details,
      };
    case "access-denied":
      return {
        category: "UserError",
        code: "FileUploadAccessDenied",
        message: message("Access to the container to upload output files to is denied"),
        details,
      };
    case "blob-not-found":
    case "other":
      return {
        category: "UserError",
        code: "FileUploadMiscError",
        message: message("A miscellaneous error was encountered while uploading one of the output files"),
        details,
      };
  }
}

export function uploadTimedOut(afterMs: number): FailureInfo {
  return {
    category: "UserError",
    code: "FileUploadMiscError",
    message: `The output files were not uploaded within ${afterMs / 60_000} minutes`,
  };
}

/** A fault of the local cloud itself. */
export function unknownFailure(reason: string): FailureInfo {
  return { category: "ServerError", code: "Unknown", message: `The local cloud failed: ${reason}` };
}
