// Jest's node environment with the typed arrays of the outer realm: onnxruntime-node refuses those of jest's own.
const { TestEnvironment } = require("jest-environment-node");

module.exports = class extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    const typedArrays = [
      "Int8",
      "Uint8",
      "Int16",
      "Uint16",
      "Int32",
      "Uint32",
      "Float32",
      "Float64",
      "BigInt64",
      "BigUint64",
    ];
    for (const name of [...typedArrays.map((kind) => `${kind}Array`), "ArrayBuffer"])
      this.global[name] = globalThis[name];
  }
};
