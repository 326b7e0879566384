/** Whether Metis lets the protocol work, and the account may do what it is for. */
import type { Provider } from "ethers";

import type { Deployment } from "../../../sdk/src/deployments";
import { ILockingPool__factory } from "../../../sdk/src/generated/contracts";
import { roles } from "../../config/roles";
import { AccessManager__factory, LockManager__factory } from "../artifacts";
import { readLockingPool, readRewardPayer } from "../health/readL1";
import { amountOf } from "../health/words";
import type { Setup } from "../setup";
import { type Check, fault, guarded, ok, warning } from "./check";

/** The protocol as it is deployed, and as the team set it up. */
export interface Deployed {
  readonly deployment: Deployment;
  readonly setup: Setup;
  readonly l1: Provider;
}

/** Whether Metis whitelists each vault, those included that are foretold and not added yet. */
export async function checkWhitelist({ deployment, setup, l1 }: Deployed): Promise<readonly Check[]> {
  return guarded("the whitelist", "run it again", async () => {
    const manager = LockManager__factory.connect(deployment.l1.lockManager, l1);
    const pool = ILockingPool__factory.connect(deployment.l1.lockingPool, l1);
    const count = Math.max(Number(await manager.vaultCount()), setup.sequencers.length);
    const vaults = await Promise.all(Array.from({ length: count }, (_, index) => manager.vaultAddress(index)));
    const listed = await Promise.all(vaults.map((vault) => pool.whitelist(vault)));
    return vaults.map((vault, index) =>
      listed[index] === true
        ? ok(`vault ${index}, ${vault}, is on Metis's whitelist`)
        : warning(
            `vault ${index}, ${vault}, is not on Metis's whitelist: it locks nothing`,
            "docs/operations.md#whitelist-request",
          ),
    );
  });
}

/** Whether LockingPool is open, a cap reaches its least lock, and rewards can be paid. */
export async function checkLockingPool({ deployment, setup, l1 }: Deployed): Promise<readonly Check[]> {
  return guarded("LockingPool", "run it again", async () => {
    const context = { deployment, l1 };
    const [pool, payer] = [await readLockingPool(context), await readRewardPayer(context)];
    const payable = payer.balance < payer.allowance ? payer.balance : payer.allowance;
    const low = setup.sequencers.filter(({ cap }) => cap < pool.minLock);
    return [
      pool.isPaused
        ? warning("Metis paused LockingPool", "docs/operations.md#lockingpoolpaused")
        : ok("LockingPool is open"),
      ...(low.length === 0
        ? []
        : [
            warning(
              `${low.length} caps are below Metis's least lock of ${amountOf(pool.minLock)} METIS`,
              "raise them in setup.json",
            ),
          ]),
      payable === 0n
        ? warning(
            `${payer.payer} can pay no rewards: it holds ${amountOf(payer.balance)} METIS and lets LockingInfo take ${amountOf(payer.allowance)}`,
            "docs/operations.md#rewardpayerlow",
          )
        : ok(`rewards can be paid from ${amountOf(payable)} METIS`),
    ];
  });
}

/** Whether the keeper of `setup.json` holds its role, and the account given is that keeper. */
export async function checkKeeper(
  { deployment, setup, l1 }: Deployed,
  account: string | undefined,
): Promise<readonly Check[]> {
  return guarded("the keeper's role", "run it again", async () => {
    const manager = AccessManager__factory.connect(deployment.l1.accessManager, l1);
    const { isMember, executionDelay } = await manager.hasRole(roles.keeper.id, setup.keeper);
    const isRight = isMember && executionDelay === roles.keeper.delay;
    const other = `the account ${account ?? ""} is not the keeper of setup.json, ${setup.keeper}`;
    return [
      isRight
        ? ok(`${setup.keeper} may recall`)
        : fault(
            `${setup.keeper}, the keeper of setup.json, may not recall at once`,
            "docs/operations.md#lost-keeper-key",
          ),
      ...(account === undefined || account === setup.keeper
        ? []
        : [warning(other, "as a keeper it turns every crank but recall; give the keeper's account if that is meant")]),
    ];
  });
}
