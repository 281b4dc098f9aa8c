/** The start task: what each node runs once, before its first task. */
import { layerBlobName, layerNames, type LayerDigests } from "../worker/contract/layers";
import { bashCommandLine, layerResourceFile, unpackScript, workerScript } from "../worker/contract/node";

/** Unpacks the layers and proves that runtime, worker and model work together on this node; installs nothing. */
export function startTaskCommandLine(layers: LayerDigests): string {
  return bashCommandLine(`${unpackScript(layers)}\n${workerScript(layers, ["self-test"])}`);
}

export interface LayerResourceFile {
  readonly httpUrl: string;
  readonly filePath: string;
  readonly identityReference: { readonly resourceId: string };
}

/** The layers' archives, fetched with the pool's identity: no key and no SAS that would have to be renewed. */
export function layerResourceFiles(
  layers: LayerDigests,
  layersUrl: string,
  identityResourceId: string,
): LayerResourceFile[] {
  return layerNames.map((name) => ({
    httpUrl: `${layersUrl}/${layerBlobName(name, layers[name])}`,
    filePath: layerResourceFile(name),
    identityReference: { resourceId: identityResourceId },
  }));
}
