/** Metis's contracts on Ethereum, as they name each other: an address of `external.json` that they do not know is another's. */
import { Contract, Interface, getAddress, isAddress } from "ethers";

import { externalNames } from "../external";
import { type ChainReader, answerOf } from "./chainReader";
import { type Comparison, compareEach, noAnswer } from "./finding";
import type { Truth } from "./truth";

const views = new Interface([
  "function escrow() view returns (address)",
  "function metis() view returns (address)",
  "function messenger() view returns (address)",
  "function addressmgr() view returns (address)",
]);

/** Compares what LockingPool and the bridge say of the others. LockingPool, bridge and METIS themselves are in our own immutables. */
export async function compareExternal(reader: ChainReader, { external }: Truth): Promise<readonly Comparison[]> {
  const ask = async (address: string, view: string): Promise<string> => {
    const answer: unknown = await answerOf(new Contract(address, views, reader.provider).getFunction(view)(reader.at));
    return isAddress(answer) ? getAddress(answer) : noAnswer;
  };
  const sides = [
    [
      `${externalNames.lockingInfo} by LockingPool.escrow`,
      external.lockingInfo,
      await ask(external.lockingPool, "escrow"),
    ],
    [`${externalNames.metis} by the bridge's metis`, external.metis, await ask(external.bridge, "metis")],
    [
      `${externalNames.messenger} by the bridge's messenger`,
      external.messenger,
      await ask(external.bridge, "messenger"),
    ],
    [
      `${externalNames.addressManager} by the bridge's addressmgr`,
      external.addressManager,
      await ask(external.bridge, "addressmgr"),
    ],
  ] as const;
  return compareEach({ chain: "l1", contract: "external.json", type: "external" }, sides);
}
