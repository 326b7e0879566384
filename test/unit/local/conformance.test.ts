/** Metis's rules, held against the stand-ins. A fork is held to the same functions. */
import { addSequencers, deployLocalMetisL1, submitRewards } from "../../../scripts/lib/localMetis";
import { createFixture } from "../../helpers/chains";
import { deployLocalMetis } from "../../helpers/localMetis";
import { describeBridgeDown } from "./conformance/bridgeDown";
import { describeBridgeUp } from "./conformance/bridgeUp";
import { describeExits } from "./conformance/exits";
import { describeLedger } from "./conformance/ledger";
import { describeLocking } from "./conformance/locking";
import type { LockingPoolFixture } from "./conformance/lockingPoolFixture";
import { describePowers } from "./conformance/powers";
import type { Subject } from "./conformance/subject";
import { describeTokenChannel } from "./conformance/tokenChannel";
import { describeMainnetPool, describeSepoliaPool } from "./conformance/variants";

const mainnetPool = createPool("mainnet");
const sepoliaPool = createPool("sepolia");
const metis = createFixture((chains) => deployLocalMetis(chains));

describeLockingPool("LocalLockingPoolMainnet", mainnetPool, describeMainnetPool);
describeLockingPool("LocalLockingPool", sepoliaPool, describeSepoliaPool);

describe("Metis's bridge", () => {
  describe("from L1 to L2", () => {
    describeBridgeDown(metis, "stand-ins");
  });
  describe("from L2 to L1", () => {
    describeBridgeUp(metis, "stand-ins");
  });
  describe("as a channel", () => {
    describeTokenChannel(metis);
  });
});

describe("LocalMetisCoinbase", () => {
  describeLedger(metis, "stand-ins");
});

function describeLockingPool(
  name: string,
  fixture: () => Promise<LockingPoolFixture>,
  describeVariant: (fixture: () => Promise<LockingPoolFixture>, subject: Subject) => void,
): void {
  describe(name, () => {
    // Each in a suite of its own, so that the set-up of one does not undo that of another.
    describe("positions", () => {
      describeLocking(fixture, "stand-ins");
    });
    describe("rewards and exits", () => {
      describeExits(fixture, "stand-ins");
    });
    describe("powers", () => {
      describePowers(fixture, "stand-ins");
    });
    describe("where it is not the other variant", () => {
      describeVariant(fixture, "stand-ins");
    });
  });
}

function createPool(variant: "mainnet" | "sepolia"): () => Promise<LockingPoolFixture> {
  return createFixture(async ({ l1, l2 }) => {
    const addresses = await deployLocalMetisL1(l1.signers[0]!, { l2ChainId: l2.chainId, lockingPool: variant });
    const token = await l1.attach("LocalMetis", addresses.metis);
    return {
      ...addresses,
      l1,
      l2ChainId: l2.chainId,
      variant,
      giveMetis: async (to, amount) => {
        await token.mint(to, amount);
      },
      payRewards: async (signers, blocks) => {
        await submitRewards(l1.provider, addresses, { signers, blocks });
      },
      fillPool: async (count) => {
        await addSequencers(l1.provider, addresses, count);
      },
      // The stand-in asks nothing, as Metis now.
      quote: () => Promise.resolve(0n),
    };
  });
}
