// The plain closing line of a test run: `N passed, N failed`, with `, N skipped` where some were.
module.exports = class {
  onRunComplete(_contexts, results) {
    // A suite that does not even load has no failed test, but it is a failure.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    const line = `${results.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}\n`;
    // At exit, so that jest's own summary stands above it.
    process.once("exit", () => process.stdout.write(line));
  }
};
