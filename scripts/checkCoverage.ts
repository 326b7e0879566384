/** Fails when the last coverage run left too much of the contracts untouched. */
import { existsSync, readFileSync } from "node:fs";

import { branchShare, type FileCoverage, lineShare, type Share, sumShares } from "./lib/coverage";

/** The least share of all contracts but the local ones, in percent. */
const thresholds = { lines: 98, branches: 95 };
const coverageFile = "coverage.json";

function main(): void {
  if (!existsSync(coverageFile)) throw new Error(`${coverageFile} is missing: run \`npx hardhat coverage\` first`);
  const report = JSON.parse(readFileSync(coverageFile, "utf8")) as Record<string, FileCoverage>;
  const files = Object.entries(report).filter(([file]) => !file.includes("contracts/local/"));
  const shares = files.map(([file, coverage]) => ({
    name: file.slice(file.lastIndexOf("contracts/")),
    lines: lineShare(coverage),
    branches: branchShare(coverage),
  }));

  for (const { name, lines, branches } of shares) {
    if (lines.missed.length > 0) console.log(`${name}: lines ${lines.missed.join(", ")} never run`);
    if (branches.missed.length > 0) console.log(`${name}: branches in lines ${branches.missed.join(", ")} never taken`);
  }
  const areLinesCovered = isCovered("lines", sumShares(shares.map(({ lines }) => lines)));
  const areBranchesCovered = isCovered("branches", sumShares(shares.map(({ branches }) => branches)));
  if (!areLinesCovered || !areBranchesCovered) process.exitCode = 1;
}

function isCovered(kind: keyof typeof thresholds, { hit, total, percent }: Share): boolean {
  const isEnough = percent >= thresholds[kind];
  const verdict = isEnough ? "enough" : "too little";
  console.log(`${kind}: ${hit} of ${total}, ${percent.toFixed(2)} %; at least ${thresholds[kind]} %: ${verdict}`);
  return isEnough;
}

main();
