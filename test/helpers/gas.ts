/** Tests that measure gas mean nothing under solidity-coverage, which adds to the code: there they are skipped. */
const isCoverage = process.argv.includes("coverage");

/** `it`, for a test that measures gas. */
export const itMeasuresGas = isCoverage ? it.skip : it;

/** `describe`, for tests that measure gas. */
export const describeGas = isCoverage ? describe.skip : describe;
