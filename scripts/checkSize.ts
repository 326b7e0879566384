/** Fails when a contract is too large to be deployed. Prints the largest. */
import hre from "hardhat";

/** The limits of EIP-170 and EIP-3860, in bytes. */
const limits = { runtime: 24_576, creation: 49_152 };
const printed = 12;

interface Size {
  readonly name: string;
  readonly runtime: number;
  readonly creation: number;
}

async function main(): Promise<void> {
  const names = await hre.artifacts.getAllFullyQualifiedNames();
  const ours = names.filter((name) => name.startsWith("contracts/") && !name.startsWith("contracts/local/"));
  const sizes = (await Promise.all(ours.map(sizeOf))).filter(({ creation }) => creation > 0);
  sizes.sort((left, right) => right.runtime - left.runtime);
  for (const { name, runtime, creation } of sizes.slice(0, printed)) {
    console.log(`${runtime} of ${limits.runtime} bytes (creation ${creation}): ${name}`);
  }
  const tooLarge = sizes.filter(({ runtime, creation }) => runtime > limits.runtime || creation > limits.creation);
  if (tooLarge.length > 0) throw new Error(`too large to deploy: ${tooLarge.map(({ name }) => name).join(", ")}`);
  console.log(`${sizes.length} contracts, none too large to deploy`);
}

async function sizeOf(name: string): Promise<Size> {
  const { bytecode, deployedBytecode } = await hre.artifacts.readArtifact(name);
  return { name, runtime: bytesIn(deployedBytecode), creation: bytesIn(bytecode) };
}

function bytesIn(hex: string): number {
  return (hex.length - "0x".length) / 2;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
