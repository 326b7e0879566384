/** Which contracts have had other code behind them than they were deployed with: it may have left what no comparison sees. */
import { dataSlice, getAddress, id } from "ethers";

import { checkAnyAddress } from "../../../sdk/src/check";
import { readLogs } from "../../../sdk/src/rpc/readLogs";
import type { ChainReader } from "./chainReader";
import { type Truth, delegating, startBlockOf } from "./truth";

const upgraded = id("Upgraded(address)");

/** A line for each upgrade of a proxy or the beacon since its deployment, oldest first. @throws whatever the node fails with. */
export async function upgradeNotes(
  { layer, provider, block }: ChainReader,
  { records }: Pick<Truth, "records">,
): Promise<readonly string[]> {
  const places = delegating[layer].map((name) => ({ name, address: checkAnyAddress(name, records[name].address) }));
  const logs = await readLogs({
    side: layer,
    provider,
    address: places.map(({ address }) => address),
    topics: [upgraded],
    fromBlock: startBlockOf(records, layer),
    toBlock: block,
  });
  return places.flatMap(({ name, address }) => {
    // The first one is that of the constructor.
    const [, ...later] = logs.filter((log) => log.address.toLowerCase() === address.toLowerCase());
    return later.map(({ blockNumber, topics: [, implementation = "0x"] }) => {
      const to = getAddress(dataSlice(implementation, 12));
      return `${layer} ${name}: upgraded to ${to} in block ${blockNumber}: what code before or after it left behind is not compared`;
    });
  });
}
