/** What the gas table is measured in: the protocol with a deployer who keeps its power, so that vaults can be added as needed. */
import { MaxUint256, type ContractTransactionResponse, type JsonRpcSigner, dataSlice, parseEther } from "ethers";

import { operatorCommissionBps } from "../../config/parameters";
import { advance, day } from "../localClock";
import { nextBatch, sequencerKey, submitRewards } from "../localMetis";
import { type LocalProtocol, deployLocalProtocol } from "../localProtocol";
import type { RunningNode } from "../nodes";

/** A person with an account on both chains. */
export interface GasUser {
  readonly address: string;
  readonly l1: JsonRpcSigner;
  readonly l2: JsonRpcSigner;
}

/** The world of the measurements. */
export interface GasWorld {
  readonly protocol: LocalProtocol;
  readonly user: GasUser;
  readonly other: GasUser;
  readonly advance: (seconds: number) => Promise<void>;
  readonly depositOnL1: (assets: bigint) => Promise<void>;
  /** Credits so many blocks to each of our sequencers. */
  readonly reward: (blocks: bigint) => Promise<void>;
  /** A report late enough for all tickets there are. */
  readonly passReport: () => Promise<void>;
  /** The same, and the crank that pays them. */
  readonly finaliseAll: () => Promise<void>;
}

const eth = parseEther("1");

/** Deploys everything on two running nodes, without a vault. */
export async function createGasWorld(l1: RunningNode, l2: RunningNode): Promise<GasWorld> {
  const person = async (index: number): Promise<GasUser> => {
    const signer = await l2.provider.getSigner(index);
    return { address: signer.address, l1: await l1.provider.getSigner(index), l2: signer };
  };
  const [governance, guardian, keeper, treasury] = (await l1.provider.listAccounts())
    .slice(1)
    .map(({ address }) => address) as [string, string, string, string];
  const protocol = await deployLocalProtocol({
    l1: await l1.provider.getSigner(0),
    l2: await l2.provider.getSigner(0),
    actors: { governance, guardian, keeper, treasury },
    operators: [],
    keepsPower: true,
  });
  const user = await person(7);
  const other = await person(8);
  await (await protocol.l1.metis.connect(user.l1).approve(protocol.l1.lockManager, MaxUint256)).wait();

  const world: GasWorld = {
    protocol,
    user,
    other,
    advance: async (seconds) => {
      await advance([l1.provider, l2.provider], seconds);
    },
    depositOnL1: async (assets) => {
      if (assets === 0n) return;
      await (await protocol.l1.metis.mint(user.address, assets)).wait();
      const lockManager = protocol.l1.lockManager.connect(user.l1);
      await (await lockManager.deposit(assets, user.address, false, { value: eth })).wait();
    },
    reward: async (blocks) => {
      const count = Number(await protocol.l1.lockManager.vaultCount());
      const signers = Array.from({ length: count }, (_, index) => keyOf(index).signer);
      await submitRewards(l1.provider, protocol.metis, { signers, blocks: signers.map(() => blocks) });
    },
    passReport: async () => {
      await world.advance(day);
      await (await protocol.l1.lockManager.connect(user.l1).report({ value: eth })).wait();
      await deliver(world, () => undefined);
    },
    finaliseAll: async () => {
      await world.passReport();
      await (await protocol.l2.stakingPool.connect(user.l2).rebalance()).wait();
    },
  };
  return world;
}

/** Adds vaults, whitelisted by Metis, until there are `count`. */
export async function addVaults({ protocol, user }: GasWorld, count: number): Promise<void> {
  const { lockManager, lockingPool, node } = protocol.l1;
  for (let index = Number(await lockManager.vaultCount()); index < count; index++) {
    await (await lockingPool.setWhitelist(await lockManager.vaultAddress(index), true)).wait();
    const { pubkey } = keyOf(index);
    const config = {
      operator: user.address,
      commissionBps: operatorCommissionBps,
      cap: parseEther("100000"),
      pubkeyX: dataSlice(pubkey, 0, 32),
      pubkeyY: dataSlice(pubkey, 32),
    };
    await (await lockManager.addVault(config)).wait();
  }
  await nextBatch(node, protocol.metis);
}

/** Brings all messages down and delivers them; the last report's delivery goes through `measure` where that takes it. */
export async function deliver(
  { protocol, user }: GasWorld,
  measure: (send: () => Promise<ContractTransactionResponse>) => Promise<void> | undefined,
): Promise<void> {
  await protocol.relayer.deliverDown();
  const { lockManager } = protocol.l1;
  const gateway = protocol.l2.l2Gateway.connect(user.l2);
  const [last] = (await lockManager.queryFilter(lockManager.filters.MessageSent(), 0)).slice(-1);
  if (last === undefined) throw new Error("no message was sent");
  const send = () => gateway.deliver(last.args.number, last.args.payload);
  await (measure(send) ?? send().then(async (transaction) => transaction.wait()));
}

function keyOf(index: number) {
  return sequencerKey(`eMetis sequencer ${index}`);
}
