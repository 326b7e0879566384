import path from "node:path";

import "@nomicfoundation/hardhat-toolbox";
import { TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD, TASK_TEST_GET_TEST_FILES } from "hardhat/builtin-tasks/task-names";
import { subtask, type HardhatUserConfig } from "hardhat/config";
import { getAllFilesMatching } from "hardhat/internal/util/fs-utils";
import type { SolcBuild } from "hardhat/types";
import { version as compilerVersion } from "solc/package.json";

import { localAccountCount, localBalance, mainChain } from "./scripts/config/localChains";
import { ResultsReporter } from "./scripts/lib/resultsReporter";

const isCoverage = process.argv.includes("coverage");
const isContinuous = process.env.CI === "true";

// The compiler is the npm package `solc`: the lockfile pins it and nothing is downloaded outside `npm ci`.
subtask(TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD, (): Promise<SolcBuild> => {
  return Promise.resolve({
    compilerPath: path.join(__dirname, "tools", "solc"),
    isSolcJs: false,
    version: compilerVersion,
    longVersion: compilerVersion,
  });
});

// Only `*.test.ts` are tests, and those that need a fork run when they are named: `hardhat test test/fork/<file>`.
subtask(
  TASK_TEST_GET_TEST_FILES,
  async ({ testFiles }: { testFiles: string[] }, { config: { paths } }): Promise<string[]> => {
    if (testFiles.length > 0) return testFiles.map((file) => path.resolve(file));
    const forks = path.join(paths.tests, "fork") + path.sep;
    return getAllFilesMatching(paths.tests, (file) => file.endsWith(".test.ts") && !file.startsWith(forks));
  },
);

const config: HardhatUserConfig = {
  solidity: {
    version: compilerVersion,
    settings: {
      // Metis runs the instructions of Berlin; what came later is not to be relied on.
      evmVersion: "berlin",
      optimizer: { enabled: true, runs: 200 },
      outputSelection: { "*": { "*": ["storageLayout"] } },
    },
  },
  networks: {
    hardhat: {
      ...mainChain(),
      accounts: { count: localAccountCount, accountsBalance: localBalance.toString() },
      allowBlocksWithSameTimestamp: true,
      allowUnlimitedContractSize: false,
    },
  },
  paths: {
    // Instrumented artifacts stay apart, so that a coverage run does not make the next build start from nothing.
    artifacts: isCoverage ? "cache/coverage/artifacts" : "artifacts",
    cache: isCoverage ? "cache/coverage" : "cache",
    tests: "test",
  },
  typechain: {
    target: "ethers-v6",
    outDir: "typechain-types",
    dontOverrideCompile: isCoverage,
  },
  mocha: {
    // In CI coverage is measured at the same time.
    timeout: isContinuous ? 300_000 : 120_000,
    forbidOnly: isContinuous,
    ...(process.env.MOCHA_RESULTS === undefined ? {} : { reporter: ResultsReporter }),
  },
};

export default config;
