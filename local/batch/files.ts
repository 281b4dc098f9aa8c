/** File operations: what lies in a task's directory or on a node, listed, read in whole or in part, deleted. */
import type { BatchServiceModels } from "@azure/batch";
import { fileIsDirectory, invalidRange } from "../compute/failure";
import { deleteFile, findFile, type FoundFile, listFiles } from "../compute/files";
import { type Answer, type Call, type Handler, type OnWire, param } from "./call";
import { refuseTags, unlessUnchanged } from "./etag";
import { type ListRules, page } from "./odata/answers";

type WireFile = OnWire<BatchServiceModels.NodeFile>;

/** Whose files: the folder they are relative to, and the URL that this folder has. */
interface Root {
  readonly folder: string;
  readonly url: string;
}

/** Unlike ids, names of files differ by their case. */
const kind: ListRules<FoundFile> = {
  name: "files",
  expands: false,
  keyOf: (file) => file.name,
  filters: { name: { type: "text", operators: ["startswith"], of: (file) => file.name } },
};

export const listTaskFiles: Handler = (call) => listBelow(call, taskRoot(call));
export const listNodeFiles: Handler = (call) => listBelow(call, nodeRoot(call));
export const getTaskFile: Handler = (call) => read(call, taskRoot(call));
export const getNodeFile: Handler = (call) => read(call, nodeRoot(call));
export const headTaskFile: Handler = (call) => properties(call, taskRoot(call));
export const headNodeFile: Handler = (call) => properties(call, nodeRoot(call));
export const deleteTaskFile: Handler = (call) => remove(call, taskRoot(call));
export const deleteNodeFile: Handler = (call) => remove(call, nodeRoot(call));

async function listBelow(call: Call, root: Root): Promise<Answer> {
  const found = await listFiles(root.folder, call.query.get("recursive") === "true");
  return page(call, kind, found, (file) => wireFile(root, file));
}

/** The answer to a part is 200 too: clients of this API know no 206. */
async function read(call: Call, root: Root): Promise<Answer> {
  const file = await requestedFile(call, root);
  if (file.stats.isDirectory()) throw fileIsDirectory(file.name);
  const { from, to } = requestedRange(call, file.stats.size);
  return unlessUnchanged(call, file.stats.mtime.toISOString(), {
    status: 200,
    headers: { ...fileHeaders(root, file), "Content-Length": String(to - from + 1) },
    content: { kind: "file", path: file.path, from, to },
  });
}

async function properties(call: Call, root: Root): Promise<Answer> {
  const file = await requestedFile(call, root);
  const size = file.stats.isDirectory() ? 0 : file.stats.size;
  return unlessUnchanged(call, file.stats.mtime.toISOString(), {
    status: 200,
    headers: { ...fileHeaders(root, file), "Content-Length": String(size) },
  });
}

async function remove(call: Call, root: Root): Promise<Answer> {
  await deleteFile(await requestedFile(call, root), call.query.get("recursive") === "true");
  return { status: 200 };
}

function taskRoot(call: Call): Root {
  const [jobId, taskId] = [param(call, "jobId"), param(call, "taskId")];
  return {
    folder: call.account.files.taskRoot(jobId, taskId),
    url: `${call.base}/jobs/${jobId}/tasks/${taskId}/files`,
  };
}

function nodeRoot(call: Call): Root {
  const pool = call.account.pools.get(param(call, "poolId"));
  const nodeId = param(call, "nodeId");
  return {
    folder: call.account.files.nodeRoot(pool.id, nodeId),
    url: `${call.base}/pools/${pool.id}/nodes/${nodeId}/files`,
  };
}

function requestedFile(call: Call, root: Root): Promise<FoundFile> {
  refuseTags(call);
  return findFile(root.folder, param(call, "*"));
}

/** `ocp-range` wins over `Range`; both hold one range of bytes. */
function requestedRange(call: Call, size: number): { readonly from: number; readonly to: number } {
  const header = call.headers["ocp-range"] ?? call.headers.range;
  if (header === undefined) return { from: 0, to: size - 1 };
  const range = String(header);
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(range) ?? [];
  const from = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === "" || last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if ((first === "" && last === "") || from >= size || from > to) throw invalidRange(range);
  return { from, to };
}

function wireFile(root: Root, file: FoundFile): WireFile {
  const isDirectory = file.stats.isDirectory();
  return {
    name: file.name,
    url: urlOf(root, file),
    isDirectory,
    properties: isDirectory
      ? undefined
      : {
          lastModified: file.stats.mtime.toISOString(),
          // A 64-bit number is text on the wire; the SDK's type says what its mapper makes of it.
          contentLength: String(file.stats.size) as unknown as number,
          contentType: contentTypeOf(file),
          fileMode: modeOf(file),
        },
  };
}

function fileHeaders(root: Root, file: FoundFile): Record<string, string> {
  return {
    "Content-Type": contentTypeOf(file),
    "Last-Modified": file.stats.mtime.toUTCString(),
    "ocp-batch-file-isdirectory": file.stats.isDirectory() ? "True" : "False",
    "ocp-batch-file-url": encodeURIComponent(urlOf(root, file)),
    "ocp-batch-file-mode": modeOf(file),
  };
}

const urlOf = (root: Root, file: FoundFile): string =>
  `${root.url}/${file.name.split("/").map(encodeURIComponent).join("/")}`;
const modeOf = (file: FoundFile): string => `0o${file.stats.mode.toString(8)}`;
const contentTypeOf = (file: FoundFile): string =>
  file.name.endsWith(".txt") ? "text/plain" : "application/octet-stream";
