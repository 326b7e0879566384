/**
 * Whom our contracts let take their tokens. Their code approves exactly what is taken in the same transaction, so nothing stands: but for
 * what LockManager approved for a vault whose lock failed, which only that vault can take, and only to lock it.
 */
import { getAddress, id, toBeHex, zeroPadValue } from "ethers";

import { checkAnyAddress } from "../../../sdk/src/check";
import { readLogs } from "../../../sdk/src/rpc/readLogs";
import { EMetis__factory } from "../artifacts";
import { predeploys } from "../predeploys";
import { type ChainReader, answerOf } from "./chainReader";
import { deployedOn } from "./codes";
import { type Comparison, noAnswer } from "./finding";
import { type Truth, startBlockOf } from "./truth";

/** What was compared, and what stands as it may. */
export interface ComparedAllowances {
  readonly comparisons: readonly Comparison[];
  readonly notes: readonly string[];
}

interface Party {
  readonly name: string;
  readonly address: string;
}

interface Pair {
  readonly token: Party;
  readonly owner: Party;
  readonly spender: string;
}

const approval = id("Approval(address,address,uint256)");

/** Compares every allowance that our contracts ever gave, or that their code gives. @throws whatever the node fails with. */
export async function compareAllowances(
  reader: ChainReader,
  truth: Truth,
  vaults: readonly string[],
): Promise<ComparedAllowances> {
  const chain = reader.layer;
  const named = vaults.map((address, index): Party => ({ name: `vault ${index}`, address }));
  const owners = [...deployedOn(chain, truth).map(({ name, address }): Party => ({ name, address })), ...named];
  const usual = chain === "l1" ? usualPairs(truth, named) : [];
  const logged = await Promise.all(tokensOf(reader, truth).map((token) => loggedPairs(reader, truth, token, owners)));
  const pairs = new Map([...usual, ...logged.flat()].map((pair) => [keyOf(pair), pair]));
  const comparisons: Comparison[] = [];
  const notes: string[] = [];
  for (const pair of pairs.values()) {
    const comparison = await compareAllowance(reader, pair);
    const isLeft = pair.owner.name === "LockManager" && vaults.includes(pair.spender) && comparison.found !== noAnswer;
    if (!isLeft) comparisons.push(comparison);
    else if (comparison.found !== "0")
      notes.push(
        `${chain} LockManager: ${comparison.found} wei of METIS are left approved for vault ${pair.spender}, whose lock failed`,
      );
  }
  return { comparisons, notes };
}

/** What the code approves at times. */
function usualPairs({ records, external }: Truth, vaults: readonly Party[]): readonly Pair[] {
  const token = { name: "METIS", address: external.metis };
  const manager = { name: "LockManager", address: records.LockManager.address };
  const gateway = { name: "L1Gateway", address: records.L1Gateway.address };
  return [
    { token, owner: manager, spender: gateway.address },
    { token, owner: gateway, spender: external.bridge },
    ...vaults.flatMap((vault) => [
      { token, owner: manager, spender: vault.address },
      { token, owner: vault, spender: external.lockingInfo },
      { token, owner: vault, spender: external.lockingPool },
    ]),
  ];
}

/** METIS is on both chains; what else there is of value to our contracts are our own tokens. */
function tokensOf({ layer }: ChainReader, { records, external }: Truth): readonly Party[] {
  if (layer === "l1") return [{ name: "METIS", address: external.metis }];
  return [
    { name: "METIS", address: predeploys.metis },
    { name: "eMetis", address: records.EMetis.address },
    { name: "seMetis", address: records.SEMetis.address },
  ];
}

async function loggedPairs(
  { layer, provider, block }: ChainReader,
  { records }: Truth,
  token: Party,
  owners: readonly Party[],
): Promise<readonly Pair[]> {
  const topics = [approval, owners.map(({ address }) => zeroPadValue(address, 32))];
  const address = checkAnyAddress(token.name, token.address);
  const range = { fromBlock: startBlockOf(records, layer), toBlock: block };
  const logs = await readLogs({ side: layer, provider, address, topics, ...range });
  return logs.flatMap(({ topics: [, ownerWord = "0x", spenderWord = "0x"] }) => {
    const owner = owners.find((one) => zeroPadValue(one.address, 32).toLowerCase() === ownerWord.toLowerCase());
    return owner === undefined ? [] : [{ token, owner, spender: getAddress(toBeHex(BigInt(spenderWord), 20)) }];
  });
}

async function compareAllowance({ layer, provider, at }: ChainReader, pair: Pair): Promise<Comparison> {
  const { token, owner, spender } = pair;
  const contract = EMetis__factory.connect(token.address, provider);
  const found = await answerOf(contract.allowance(owner.address, spender, at));
  return {
    type: "allowance",
    chain: layer,
    contract: owner.name,
    item: `wei of ${token.name} that ${spender} may take`,
    expected: "0",
    found: found === undefined ? noAnswer : String(found),
  };
}

function keyOf({ token, owner, spender }: Pair): string {
  return [token.address, owner.address, spender].join().toLowerCase();
}
