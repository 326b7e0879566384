/** METIS for accounts of the local chains. */
import { LocalL1StandardBridge__factory, LocalMetis__factory } from "./artifacts";
import type { LocalMetisL1 } from "./localMetis";
import { type LocalNode, sendSurelyAs, setBalance } from "./localNode";
import { raiseMetisSupply } from "./metisLedger";

/** The two local chains and Metis's contracts. */
export interface LocalMetisChains {
  readonly l1: LocalNode;
  readonly l2: LocalNode;
  readonly addresses: Pick<LocalMetisL1, "metis" | "bridge">;
}

/** Mints METIS on Ethereum, in wei. */
export async function giveMetisOnL1(
  { l1, addresses }: LocalMetisChains,
  receiver: string,
  assets: bigint,
): Promise<void> {
  const metis = LocalMetis__factory.connect(addresses.metis, l1);
  const data = metis.interface.encodeFunctionData("mint", [receiver, assets]);
  await sendSurelyAs(l1, { from: await metis.owner(), to: addresses.metis, data });
}

/** Gives METIS on Metis, in wei, as if it had been there from the start: the bridge on Ethereum holds as much more. No block there. */
export async function giveMetisOnL2(chains: LocalMetisChains, receiver: string, assets: bigint): Promise<void> {
  const { l1, l2, addresses } = chains;
  const metis = LocalMetis__factory.connect(addresses.metis, l1);
  const bridge = LocalL1StandardBridge__factory.createInterface();
  const { chainId } = await l2.getNetwork();
  const owner = await metis.owner();
  await giveMetisOnL1(chains, owner, assets);
  const approving = metis.interface.encodeFunctionData("approve", [addresses.bridge, assets]);
  const depositing = bridge.encodeFunctionData("depositGenesis", [chainId, assets]);
  await sendSurelyAs(l1, { from: owner, to: addresses.metis, data: approving });
  await sendSurelyAs(l1, { from: owner, to: addresses.bridge, data: depositing });
  await setBalance(l2, receiver, (await l2.getBalance(receiver)) + assets);
  await raiseMetisSupply(l2, assets);
}
