/** Whole pictures through the command: the same boxes as Ultralytics. */
import { join } from "node:path";
import type { Certificate } from "../../worker/parity/certificate";
import { project, run } from "../support/command";
import { withTemporaryFolder } from "../support/temporaryFolder";
import { itWithVerificationData, verificationDir } from "../support/verification";

interface Inputs {
  readonly model: string;
  readonly images: string;
  readonly golden: string;
}

/** What `npm run parity` certifies. */
function certified({ model, images, golden }: Inputs): Promise<Certificate> {
  return withTemporaryFolder(async (folder) => {
    const inputs = ["--model", model, "--images", images, "--golden", golden];
    const args = ["worker/parity/main.ts", ...inputs, "--certificate", join(folder, "parity.json"), "--json"];
    const { code, stdout, stderr } = await run(process.execPath, ["--require", "tsx/cjs", ...args]);
    if (stdout === "") throw new Error(`parity ended with ${code}: ${stderr}`);
    return JSON.parse(stdout) as Certificate;
  });
}

/** On the processor that the reference ran on all are equal; another one rounds differently, within the certificate's tolerance. */
const alike = (pictures: number, detections: number) => ({
  verdict: expect.stringMatching(/^(equal|within tolerance)$/) as unknown,
  pictures,
  detections,
  missing: 0,
  extra: 0,
  failed: [],
});

describe("detections", () => {
  it("of the bundled model on the bundled pictures are those of Ultralytics", async () => {
    const certificate = await certified({
      model: join(project, "assets/model/street.onnx"),
      images: join(project, "assets/images"),
      golden: join(project, "assets/expected.json"),
    });

    expect(certificate).toMatchObject(alike(24, 241));
  });

  describe.each([
    ["yolov8n", 207],
    ["yolov8n-int8-dynamic", 207],
    ["yolo11n-320-int8", 158],
  ])("of %s", (model, detections) => {
    itWithVerificationData(
      "on real photographs are those of Ultralytics",
      async () => {
        const certificate = await certified({
          model: join(verificationDir, `models/${model}.onnx`),
          images: join(verificationDir, "images"),
          golden: join(verificationDir, `golden/${model}.json`),
        });

        expect(certificate).toMatchObject(alike(42, detections));
      },
      240_000,
    );
  });
});
