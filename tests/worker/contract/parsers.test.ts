import { parseBuildManifest } from "../../../worker/contract/layers";
import { canonicalJson, lineageOf } from "../../../worker/contract/lineage";
import { formatManifest, parseManifest, type Manifest } from "../../../worker/contract/manifest";
import { formatResult, isFailed, parseResult, type ResultLine } from "../../../worker/contract/result";
import { defaultDetectionSettings } from "../../../worker/contract/settings";
import { parseSummary } from "../../../worker/contract/summary";

const manifest: Manifest = {
  header: {
    version: 1,
    job: "detect-1",
    task: "shard-00001",
    lineage: "0123456789abcdef",
    settings: defaultDetectionSettings,
    input: { containerUrl: "https://example.invalid/input" },
    output: { containerUrl: "https://example.invalid/output", prefix: "runs/detect-1/shard-00001" },
    identityClientId: "00000000-0000-0000-0000-000000000000",
  },
  images: [
    { name: "a b/ü#%.jpg", etag: "0x1", bytes: 3, annotated: "annotated/a b/ü#%.jpg" },
    { name: "line\nbreak.png", etag: "0x2", bytes: 0, annotated: null },
  ],
};

const done: ResultLine = {
  version: 1,
  image: { name: "a.jpg", etag: null, bytes: 10, width: 4, height: 3, truncated: true },
  detections: [{ name: "bus", class: 5, confidence: 0.87345, box: { x1: 0, y1: 1.5, x2: 3.00001, y2: 2 } }],
  annotated: "annotated/a.jpg",
};
const failed: ResultLine = {
  version: 1,
  image: { name: "b.jpg", etag: "0x3" },
  error: { stage: "read", code: "missing", message: "The blob was deleted." },
};

describe("a manifest", () => {
  it("comes back as it was written, whatever its names hold", () => {
    expect(parseManifest(formatManifest(manifest))).toEqual(manifest);
  });

  it("is refused with the line and the property that is wrong", () => {
    const [header, first] = formatManifest(manifest).split("\n");

    expect(() => parseManifest(`${header}\n${first?.replace('"bytes":3', '"bytes":"3"')}\n`)).toThrow(
      /^manifest line 2: bytes: .*expected number/,
    );
    expect(() => parseManifest(`${header?.replace('"iou":0.7', '"iou":7')}\n${first}\n`)).toThrow(
      /^manifest line 1: settings\.iou: /,
    );
    expect(() => parseManifest(`${header}\n{"name":\n`)).toThrow("manifest line 2: not JSON");
  });

  it("is refused when it is empty or of another version", () => {
    expect(() => parseManifest("")).toThrow("manifest line 1: not JSON");
    expect(() => parseManifest(formatManifest(manifest).replace('"version":1', '"version":2'))).toThrow(
      /^manifest line 1: version: /,
    );
  });
});

describe("a result line", () => {
  it.each([done, failed])("comes back as it was written (%#)", (line) => {
    expect(parseResult(formatResult(line), "results.ndjson line 1")).toEqual(line);
  });

  it("is either done or failed", () => {
    expect([done, failed].map(isFailed)).toEqual([false, true]);
  });

  it("is refused with its place when it is neither", () => {
    expect(() => parseResult('{"version":1,"image":{"name":"a"}}', "results.ndjson line 7")).toThrow(
      /^results\.ndjson line 7: /,
    );
  });
});

describe("a summary", () => {
  it("is refused with the property that is wrong", () => {
    expect(() => parseSummary({ version: 1, images: 1.5 }, "summary.json")).toThrow(
      /^summary\.json: images: .*done: /,
    );
  });
});

describe("a build manifest", () => {
  const layer = { digest: "a".repeat(64), file: "worker.tar.gz", bytes: 5 };

  it("is refused with the layer and the property that is wrong", () => {
    const layers = { runtime: layer, worker: { ...layer, digest: "abc" }, model: layer };

    expect(() => parseBuildManifest({ version: 1, layers }, "manifest.json")).toThrow(
      /^manifest\.json: layers\.worker\.digest: /,
    );
  });
});

describe("a lineage", () => {
  const layers = { runtime: "r", worker: "w", model: "m" };

  it("is 16 hex digits that do not depend on the order of properties", () => {
    const { confidence, ...others } = defaultDetectionSettings;

    expect(lineageOf(layers, defaultDetectionSettings)).toMatch(/^[0-9a-f]{16}$/);
    expect(lineageOf({ model: "m", worker: "w", runtime: "r" }, { ...others, confidence })).toBe(
      lineageOf(layers, defaultDetectionSettings),
    );
  });

  it.each([
    ["the model", lineageOf({ ...layers, model: "m2" }, defaultDetectionSettings)],
    ["a setting", lineageOf(layers, { ...defaultDetectionSettings, iou: 0.45 })],
  ])("changes with %s", (_what, lineage) => {
    expect(lineage).not.toBe(lineageOf(layers, defaultDetectionSettings));
  });

  it("is taken over JSON with sorted keys at every depth, without what is undefined", () => {
    expect(canonicalJson({ b: [{ d: 1, c: null }], a: undefined, 'q"': "x" })).toBe(
      '{"b":[{"c":null,"d":1}],"q\\"":"x"}',
    );
  });
});
