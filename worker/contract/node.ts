/**
 * What a node runs: unpacking layers and starting the worker, as Batch command lines. Batch passes a command line to no
 * shell (Batch REST: "the command line does not run under a shell"), so each one names bash itself.
 */
import { layerNames, type LayerDigests } from "./layers";

/** Where the layers live on a node: shared by all tasks, emptied with the node. */
const layersDir = "$AZ_BATCH_NODE_SHARED_DIR/layers";

/** File name, in the task's working directory, of a layer's archive as a resource file. */
export function layerResourceFile(name: string): string {
  return `${name}.tar.gz`;
}

/**
 * The shell script that unpacks the three layers from the working directory. Idempotent, and safe when two tasks of a
 * node do it at once: each unpacks beside, verifies the digest of the tar, then renames; who comes second drops its copy.
 */
export function unpackScript(layers: LayerDigests): string {
  return [
    "set -euo pipefail",
    `layers="${layersDir}"; mkdir -p "$layers"`,
    'discard() { rm -rf "$fresh" "$fresh.tar"; }',
    "unpack() {",
    '  if [ ! -d "$layers/$2" ]; then',
    '    fresh=$(mktemp -d "$layers/.$2.XXXXXX"); trap discard EXIT',
    '    gzip -dc "$1" >"$fresh.tar"',
    '    echo "$2  $fresh.tar" | sha256sum --check --status || { echo "layer $1 does not have the digest $2" >&2; exit 1; }',
    '    tar -xf "$fresh.tar" -C "$fresh" --no-same-owner; rm "$fresh.tar"; chmod 755 "$fresh"',
    '    mv -T "$fresh" "$layers/$2" 2>/dev/null || [ -d "$layers/$2" ]',
    "    discard; trap - EXIT",
    "  fi",
    '  rm -f "$1"',
    "}",
    ...layerNames.map((name) => `unpack ${layerResourceFile(name)} ${layers[name]}`),
  ].join("\n");
}

/** The shell command that runs the worker from its layers. `args` are passed as they stand: no spaces, no quotes. */
export function workerScript(layers: LayerDigests, args: readonly string[]): string {
  const at = (name: keyof LayerDigests): string => `"${layersDir}/${layers[name]}`;
  return [
    `NODE_PATH=${at("runtime")}/node_modules"`,
    `exec ${at("runtime")}/bin/node" ${at("worker")}/main.js"`,
    ...args,
    `--model ${at("model")}/model.onnx"`,
  ].join(" ");
}

/**
 * A Batch command line that runs a script in bash. The service splits it at quotes and documents no way to escape one, so
 * the scripts do without single quotes.
 */
export function bashCommandLine(script: string): string {
  if (script.includes("'")) throw new Error(`A node's script may not hold a single quote: ${script}`);
  return `/bin/bash -c '${script}'`;
}
