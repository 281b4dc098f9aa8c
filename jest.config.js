/** @type {import("jest").Config} */
module.exports = {
  roots: ["<rootDir>/tests"],
  testMatch: ["**/*.test.ts"],
  transform: { "\\.ts$": ["@swc/jest", { jsc: { parser: { syntax: "typescript" }, target: "es2022" } }] },
  testEnvironment: "<rootDir>/tests/support/nodeEnvironment.js",
  reporters: ["default", "<rootDir>/tests/support/closingLine.js"],
  testTimeout: 60_000,
};
