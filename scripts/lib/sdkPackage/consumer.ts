/** What a dApp that installs the SDK would write, and what must come out of it. */
import { Interface, ZeroAddress } from "ethers";

const addressOf = (digit: string) => `0x${digit.repeat(40)}`;

const receiver = addressOf("9");
const assets = 1_234_567_890_123_456_789n;

const deployment = {
  name: "fresh",
  l1: {
    chainId: 1,
    startBlock: 1,
    accessManager: addressOf("1"),
    vaultBeacon: addressOf("2"),
    lockManager: addressOf("3"),
    l1Gateway: addressOf("4"),
    metis: addressOf("5"),
    lockingPool: addressOf("6"),
    bridge: addressOf("7"),
  },
  l2: {
    chainId: 1088,
    startBlock: 1,
    accessManager: addressOf("1"),
    eMetis: addressOf("2"),
    seMetis: addressOf("3"),
    stakingPool: addressOf("8"),
    redemptionQueue: addressOf("5"),
    l2Gateway: addressOf("6"),
  },
};

const body = `
const deployment = parseDeployment(${JSON.stringify(deployment)});
const call = deposit(deployment, { assets: ${assets}n, receiver: "${receiver}" });
console.log(JSON.stringify({ ...call, value: String(call.value) }));
`;

/** What each program below prints: the call, computed without the SDK. */
export function expectedOutput(): string {
  const pool = new Interface(["function deposit(address receiver, address referrer) payable returns (uint256 assets)"]);
  const data = pool.encodeFunctionData("deposit", [receiver, ZeroAddress]);
  return JSON.stringify({
    chainId: deployment.l2.chainId,
    to: deployment.l2.stakingPool,
    data,
    value: assets.toString(),
  });
}

/** The programs by the names of their files. In TypeScript a wrong parameter must not pass, or the types are none. */
export const programs = {
  "esm.mjs": `import { deposit, parseDeployment } from "@emetis/sdk";${body}`,
  "commonjs.cjs": `const { deposit, parseDeployment } = require("@emetis/sdk");${body}`,
  "typed.mts": typed(),
  "typed.cts": typed(),
  "typed.ts": typed(),
} as const;

/** The same for the entry of the test kit. */
export const kitPrograms = {
  "kit.mjs": `import * as kit from "@emetis/sdk/testing";\nconsole.log(Object.keys(kit).sort().join());`,
  "kit.cjs": `const kit = require("@emetis/sdk/testing");\nconsole.log(Object.keys(kit).sort().join());`,
} as const;

function typed(): string {
  return `import { type Call, deposit, parseDeployment } from "@emetis/sdk";
${body}
const checked: Call = call;
// @ts-expect-error An amount is a bigint.
const refused = (): Call => deposit(deployment, { assets: 1, receiver: checked.to });
void refused;
`;
}
