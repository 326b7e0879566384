/** What examples in TSDoc and in the README may use without declaring it. Types only: nothing of it is there at run time. */
import type { readFile as readTextFile } from "node:fs/promises";

import type { Log, Provider, Signer } from "ethers";

import type { Context } from "../../../sdk/src/context";
import type { Deployment } from "../../../sdk/src/deployments";
import type { Counters, Report } from "../../../sdk/src/math/ledger";
import type { Address, Call, Hex } from "../../../sdk/src/types";

declare global {
  const context: Context;
  const deployment: Deployment;
  const provider: Provider;
  const signer: Signer;
  const signal: AbortSignal;
  const ethereumUrl: string;
  const metisUrl: string;
  const account: Address;
  const owner: Address;
  const receiver: Address;
  const spender: Address;
  const pool: Address;
  const call: Call;
  const logs: readonly Log[];
  const transactionHash: Hex;
  const error: unknown;
  const readFile: typeof readTextFile;
  const counters: Counters;
  const report: Report;
  const last: Report;
  const currentTime: bigint;
}
