// The plain closing line of a test run: `N passed, N failed`, with `, N skipped` where some were.
module.exports = class {
  onRunComplete(_contexts, results) {
    // A suite that does not even load has no failed test, but it is a failure.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    process.stdout.write(
      `${results.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}\n`,
    );
  }
};
