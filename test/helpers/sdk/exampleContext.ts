/** What examples in TSDoc and in the README may use without declaring it. Types only: nothing of it is there at run time. */
import type { readFile as readTextFile } from "node:fs/promises";

import type { Log, Provider, Signer } from "ethers";

import type { Context } from "../../../sdk/src/context";
import type { Deployment } from "../../../sdk/src/deployments";
import type { PermitTypedData } from "../../../sdk/src/actions/permitTypedData";
import type { Counters, Report } from "../../../sdk/src/math/ledger";
import type { SentTransaction } from "../../../sdk/src/send/confirm";
import type { Address, Call, Hex } from "../../../sdk/src/types";

export declare const context: Context;
export declare const deployment: Deployment;
export declare const provider: Provider;
export declare const signer: Signer;
export declare const signal: AbortSignal;
export declare const ethereumUrl: string;
export declare const metisUrl: string;
export declare const account: Address;
export declare const owner: Address;
export declare const from: Address;
export declare const receiver: Address;
export declare const spender: Address;
export declare const pool: Address;
export declare const call: Call;
export declare const logs: readonly Log[];
export declare const transactionHash: Hex;
export declare const error: unknown;
export declare const readFile: typeof readTextFile;
export declare const counters: Counters;
export declare const report: Report;
export declare const last: Report;
export declare const currentTime: bigint;
export declare const assets: bigint;
export declare const shares: bigint;
export declare const paid: bigint;
export declare const fee: bigint;
export declare const value: bigint;
export declare const deadline: bigint;
export declare const payload: Hex;
export declare const signature: Hex;
export declare const typedData: PermitTypedData;
export declare const sent: SentTransaction;
