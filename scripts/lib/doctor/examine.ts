import { createFailover } from "../chain/failover";
import type { Account } from "../chain/account";
import type { Network } from "../network";
import { readDeployment } from "../records";
import { readSetup } from "../setup";
import { checkAccount, checkBalances } from "./account";
import { type Check, guarded } from "./check";
import { type Connect, checkEndpoints } from "./endpoints";
import { type Providers, checkExternal, checkRecords, checkSetup, recordState } from "./folder";
import { checkKeeper, checkLockingPool, checkWhitelist } from "./protocol";

/** What to examine. */
export interface DoctorOptions {
  readonly network: Network;
  /** Opens the account that will send; `undefined` when none was named. */
  readonly openAccount: (() => Promise<Account>) | undefined;
  /** This machine's clock, Unix seconds. */
  readonly now: number;
  /** @defaultValue one request to the node, 10 seconds, no second try */
  readonly connect?: Connect;
}

const connectOnce: Connect = (url, chainId) => createFailover([url], { chainId, retries: 0, timeout: 10_000 });

/** Looks at a whole setup: nodes, account, the network's folder, Metis's contracts, and once it is deployed the protocol. Sends nothing. */
export async function examine({
  network,
  openAccount,
  now,
  connect = connectOnce,
}: DoctorOptions): Promise<readonly Check[]> {
  const [l1Nodes, l2Nodes, { checks, address }, setup] = await Promise.all([
    checkEndpoints(network.l1, connect, now),
    checkEndpoints(network.l2, connect, now),
    checkAccount(openAccount),
    checkSetup(network),
  ]);
  const providers = connectAll(network);
  try {
    return [...l1Nodes, ...l2Nodes, ...checks, ...setup, ...(await examineChains(network, providers, address))];
  } finally {
    providers.close();
  }
}

async function examineChains(
  network: Network,
  providers: Providers,
  address: string | undefined,
): Promise<readonly Check[]> {
  const external = await checkExternal(network, providers.l1);
  const records = await checkRecords(network, providers);
  const isDeployed = (await recordState(network).catch(() => "none")) === "all";
  const balances =
    address === undefined
      ? []
      : await checkBalances(address, isDeployed ? "keeper" : "deploy", { settings: network, providers });
  const protocol = isDeployed ? await examineProtocol(network, providers, address) : [];
  return [...external, ...records, ...balances, ...protocol];
}

async function examineProtocol(
  { folder }: Network,
  { l1 }: Providers,
  address: string | undefined,
): Promise<readonly Check[]> {
  return guarded("the deployment", "correct what is named", async () => {
    const deployed = { l1, deployment: await readDeployment(folder), setup: await readSetup(folder) };
    return [
      ...(await checkKeeper(deployed, address)),
      ...(await checkWhitelist(deployed)),
      ...(await checkLockingPool(deployed)),
    ];
  });
}

function connectAll(network: Network): Providers & { readonly close: () => void } {
  const l1 = createFailover(network.l1.rpcUrls, { chainId: network.l1.chainId, retries: 1 });
  const l2 = createFailover(network.l2.rpcUrls, { chainId: network.l2.chainId, retries: 1 });
  const close = () => {
    l1.destroy();
    l2.destroy();
  };
  return { l1, l2, close };
}
