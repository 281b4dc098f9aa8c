/** @type {import("jest").Config} */
module.exports = {
  roots: ["<rootDir>/tests"],
  testMatch: ["**/*.test.ts"],
  transform: { "\\.ts$": ["@swc/jest", { jsc: { parser: { syntax: "typescript" }, target: "es2022" } }] },
  testEnvironment: "<rootDir>/tests/support/nodeEnvironment.js",
  reporters: ["default", "<rootDir>/tests/support/closingLine.js"],
  // Each command that a test runs has a deadline of its own; this one is for what hangs, on the slowest machine.
  testTimeout: 240_000,
};
