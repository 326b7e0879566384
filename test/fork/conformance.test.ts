/** Metis's rules, held against Metis's own contracts on forks: the claims that the stand-ins are held to, as far as they can be asked. */
import { predeploys } from "../../scripts/lib/predeploys";
import type { MetisWorld } from "../helpers/localMetis";
import { describeBridgeDown } from "../unit/local/conformance/bridgeDown";
import { describeBridgeUp } from "../unit/local/conformance/bridgeUp";
import { describeExits } from "../unit/local/conformance/exits";
import { describeLedger } from "../unit/local/conformance/ledger";
import { describeLocking } from "../unit/local/conformance/locking";
import type { LockingPoolFixture } from "../unit/local/conformance/lockingPoolFixture";
import { describePowers } from "../unit/local/conformance/powers";
import { describeTokenChannel } from "../unit/local/conformance/tokenChannel";
import { describeMainnetPool, describeSepoliaPool } from "../unit/local/conformance/variants";
import { forkTitle, forkWorld, forkedPool } from "./support/forkWorld";

const title = forkTitle();

describe(`LockingPool of ${title}`, () => {
  describe("positions", () => {
    describeLocking(lockingPool, "forks");
  });
  describe("rewards and exits", () => {
    describeExits(lockingPool, "forks");
  });
  describe("powers", () => {
    describePowers(lockingPool, "forks");
  });
  describe("where it is not the other variant", () => {
    const describeVariant = forkedPool() === "mainnet" ? describeMainnetPool : describeSepoliaPool;
    describeVariant(lockingPool, "forks");
  });
});

describe(`The bridge of ${title}`, () => {
  describe("from L1 to L2", () => {
    describeBridgeDown(metis, "forks");
  });
  describe("from L2 to L1", () => {
    describeBridgeUp(metis, "forks");
  });
  describe("as a channel", () => {
    describeTokenChannel(metis);
  });
});

describe(`METIS of ${title}`, () => {
  describeLedger(metis, "forks");
});

async function metis(): Promise<MetisWorld> {
  const { l1, l2, metis: forked } = await forkWorld();
  const { addresses, relayer, since, giveMetis, quote } = forked;
  return { l1, l2, metisL1: addresses, metisL2: predeploys, relayer, since, giveMetis, quote };
}

async function lockingPool(): Promise<LockingPoolFixture> {
  const { l1, l2, metis: forked } = await forkWorld();
  const { addresses, giveMetis, payRewards, fillPool, quote } = forked;
  return { ...addresses, l1, l2ChainId: l2.chainId, variant: forkedPool(), giveMetis, payRewards, fillPool, quote };
}
