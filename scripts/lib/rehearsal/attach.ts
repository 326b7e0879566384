/** The protocol that commands deployed, as the demo's world: who lives in it, and the books of METIS. */
import type { Deployment as SdkDeployment } from "../../../sdk/src/deployments";
import { LockManager__factory } from "../artifacts";
import type { Actor, World } from "../demo/world";
import type { Deployment } from "../deployment";
import { type LocalProtocol, type LocalSequencer, connectContracts } from "../localProtocol";
import { readDeployment } from "../records";
import { type Stage, places, sequencerOf } from "./stage";

/** Places of the accounts that use the protocol. */
const userPlaces = { users: [7, 8, 9, 10, 11], l1User: 12, stranger: 13 } as const;

/** Connects to what the records of the stage's network name. */
export async function attach(stage: Stage, folder: string): Promise<World> {
  const { l1, l2 } = stage;
  const actor = async (name: string, place: number): Promise<Actor> => {
    const signer = await l2.provider.getSigner(place);
    return { name, address: signer.address, l1: await l1.provider.getSigner(place), l2: signer };
  };
  const [first, second] = places.operators;
  const operators = [await actor("operator A", first), await actor("operator B", second)] as const;
  const users = await Promise.all(userPlaces.users.map((place) => actor(`user ${place}`, place)));
  const l1User = await actor("user on Ethereum", userPlaces.l1User);
  return {
    protocol: await attachProtocol(stage, await readDeployment(folder), operators),
    actors: {
      keeper: await actor("keeper", places.keeper),
      stranger: await actor("stranger", userPlaces.stranger),
      operators,
      users,
      l1User,
    },
    books: new Map([...users, l1User].map((user) => [user.address, { user, deposited: 0n, received: 0n }])),
    gas: new Map(),
    rewardsCredited: 0n,
    delivered: 0n,
  };
}

async function attachProtocol(
  stage: Stage,
  recorded: SdkDeployment,
  operators: readonly Actor[],
): Promise<LocalProtocol> {
  const { metis, relayer } = stage;
  const [l1, l2] = [await stage.l1.provider.getSigner(0), await stage.l2.provider.getSigner(0)];
  const deployment = addressesOf(recorded);
  const lockManager = LockManager__factory.connect(recorded.l1.lockManager, l1);
  const sequencers = await Promise.all(
    operators.map(async ({ address }, position): Promise<LocalSequencer> => {
      const index = BigInt(position);
      const { vault } = await lockManager.vaultAt(index);
      return { index, vault, operator: address, key: sequencerOf(position) };
    }),
  );
  const account = async (place: number) => (await stage.l1.provider.getSigner(place)).address;
  return {
    deployment,
    startBlocks: { l1: recorded.l1.startBlock, l2: recorded.l2.startBlock },
    actors: {
      governance: await account(places.governance),
      guardian: await account(places.guardian),
      keeper: await account(places.keeper),
      treasury: await account(places.treasury),
    },
    metis,
    relayer,
    sequencers,
    ...connectContracts({ deployment, metis, sequencers }, { l1, l2 }),
  };
}

function addressesOf({ l1, l2 }: SdkDeployment): Deployment {
  const behind = (side: SdkDeployment["l1"] | SdkDeployment["l2"], name: string): string => {
    const { implementation } = side.code[name] ?? {};
    if (implementation === undefined) throw new Error(`the record of ${name} names no implementation`);
    return implementation.address;
  };
  return {
    l1ChainId: BigInt(l1.chainId),
    l2ChainId: BigInt(l2.chainId),
    l1: {
      accessManager: l1.accessManager,
      vaultBeacon: l1.vaultBeacon,
      lockManager: l1.lockManager,
      l1Gateway: l1.l1Gateway,
      implementations: {
        sequencerVault: behind(l1, "vaultBeacon"),
        lockManager: behind(l1, "lockManager"),
        l1Gateway: behind(l1, "l1Gateway"),
      },
    },
    l2: {
      accessManager: l2.accessManager,
      eMetis: l2.eMetis,
      seMetis: l2.seMetis,
      stakingPool: l2.stakingPool,
      redemptionQueue: l2.redemptionQueue,
      l2Gateway: l2.l2Gateway,
      implementations: {
        stakingPool: behind(l2, "stakingPool"),
        redemptionQueue: behind(l2, "redemptionQueue"),
        l2Gateway: behind(l2, "l2Gateway"),
      },
    },
  };
}
