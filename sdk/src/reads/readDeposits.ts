import { checkAddress, checkHex } from "../check";
import type { Context } from "../context";
import { LockManager__factory, StakingPool__factory } from "../generated/contracts";
import { type Event, eventOf } from "../rpc/eventOf";
import type { BlockStamp } from "../rpc/readBatch";
import { readLogs } from "../rpc/readLogs";
import { readL1, readL2 } from "../rpc/readPinned";
import type { Address, Hex } from "../types";

/** Whose deposits on Ethereum to read, and since when. */
export interface DepositsParameters {
  /** Who gets the eMetis or seMetis on Metis. */
  readonly account: string;
  /** The first block of Ethereum whose logs are read. @defaultValue the deployment's first */
  readonly fromBlock?: number;
  /** The last block of Ethereum whose logs are read. @defaultValue the latest */
  readonly l1Block?: number;
  /** The block of Metis to read. @defaultValue the latest */
  readonly l2Block?: number;
}

/** A deposit made on Ethereum; amounts in wei. */
export interface L1Deposit {
  /**
   * `onTheWay`: nothing is minted yet, the message is in the bridge or waits to be delivered; `partlyMinted`: the rest waits for the
   * limit of deposits a day; `minted`: all is.
   */
  readonly type: "onTheWay" | "partlyMinted" | "minted";
  /** The number of its message. */
  readonly number: bigint;
  /** Who paid. */
  readonly caller: Address;
  readonly receiver: Address;
  /** METIS deposited, eMetis to mint. */
  readonly assets: bigint;
  /** eMetis minted so far. */
  readonly minted: bigint;
  /** Whether it is to be staked for the receiver. */
  readonly isStaked: boolean;
  /** Where it was made. */
  readonly blockNumber: number;
  readonly transactionHash: Hex;
}

/** Deposits made on Ethereum for an account. */
export interface Deposits {
  /** The last block of Ethereum whose logs were read. */
  readonly l1Block: number;
  /** The block of Metis in which was read what is minted. */
  readonly l2Block: BlockStamp;
  /** Oldest first. */
  readonly deposits: readonly L1Deposit[];
}

/**
 * Finds the deposits made on Ethereum for an account, by LockManager's logs, and reads what of each is minted on Metis. 3 round trips,
 * one after another: the last block and the logs of Ethereum (more where the node limits ranges), then one request to Metis for each
 * 30 deposits, all but the first of those at once. Metis is read after Ethereum, so no mint is known before its deposit.
 *
 * Nothing on chain counts the deposits of an account: a node that loses logs hides them, unlike tickets.
 *
 * Whether the message still waits in the bridge or can be delivered tells `l1DepositStatus`.
 *
 * @throws {@link AddressError}, {@link LogRangeError}, and what `readL2` throws.
 * @example
 * const { deposits } = await readDeposits(context, { account });
 * const waiting = deposits.filter(({ type }) => type !== "minted");
 */
export async function readDeposits(context: Context, parameters: DepositsParameters): Promise<Deposits> {
  const account = checkAddress("account", parameters.account);
  const { l1, l2 } = context.deployment;
  // Logs alone would tell neither that the node is on another chain nor that nothing is at the address.
  const latest = await readL1(context, undefined, (runner) => runner.codeHash(l1.lockManager));
  const l1Block = parameters.l1Block ?? latest.block.blockNumber;
  const contract = LockManager__factory.createInterface();
  const logs = await readLogs({
    ...context,
    side: "l1",
    provider: context.l1,
    address: l1.lockManager,
    topics: contract.encodeFilterTopics("Deposited", [null, account]),
    fromBlock: parameters.fromBlock ?? l1.startBlock,
    toBlock: l1Block,
  });
  const events = logs.map((log) => eventOf("l1", contract, log));
  const { block, value: minted } = await readL2(context, parameters.l2Block, (runner) => {
    const pool = StakingPool__factory.connect(l2.stakingPool, runner);
    return Promise.all(events.map((event) => pool.l1DepositMinted(event.amount("number"))));
  });
  return { l1Block, l2Block: block, deposits: events.map((event, index) => depositOf(event, minted[index] ?? 0n)) };
}

function depositOf(event: Event, minted: bigint): L1Deposit {
  const assets = event.amount("assets");
  return {
    type: minted === 0n ? "onTheWay" : minted < assets ? "partlyMinted" : "minted",
    number: event.amount("number"),
    caller: event.address("caller"),
    receiver: event.address("receiver"),
    assets,
    minted,
    isStaked: event.flag("isStaked"),
    blockNumber: event.log.blockNumber,
    transactionHash: checkHex("transaction hash", event.log.transactionHash, 32),
  };
}
