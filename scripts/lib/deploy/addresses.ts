/** Where everything of the protocol will be: each address follows from the deployer's nonce, so each side knows the other before either exists. */
import { getCreateAddress } from "ethers";

/** Addresses on Metis, implementations included. */
export interface L2Deployment {
  readonly accessManager: string;
  readonly eMetis: string;
  readonly seMetis: string;
  readonly stakingPool: string;
  readonly redemptionQueue: string;
  readonly l2Gateway: string;
  readonly implementations: {
    readonly stakingPool: string;
    readonly redemptionQueue: string;
    readonly l2Gateway: string;
  };
}

/** Addresses on Ethereum, implementations included. */
export interface L1Deployment {
  readonly accessManager: string;
  readonly vaultBeacon: string;
  readonly lockManager: string;
  readonly l1Gateway: string;
  readonly implementations: {
    readonly sequencerVault: string;
    readonly lockManager: string;
    readonly l1Gateway: string;
  };
}

/** The protocol on a pair of chains. */
export interface Deployment {
  readonly l1ChainId: bigint;
  readonly l2ChainId: bigint;
  readonly l1: L1Deployment;
  readonly l2: L2Deployment;
}

/** Who gets what power, and where fees go. */
export interface Actors {
  readonly governance: string;
  readonly guardian: string;
  readonly keeper: string;
  readonly treasury: string;
}

/** Metis's contracts that the protocol on Ethereum is built on. */
export interface MetisOnL1 {
  readonly metis: string;
  readonly lockingPool: string;
  readonly bridge: string;
}

/** Who deploys on a chain, and the nonce of its first contract. */
export interface PlanStart {
  readonly chainId: bigint;
  readonly deployer: string;
  readonly nonce: number;
}

/** Where the plan starts on each chain: the deployer and its nonce before the first contract. */
export interface PlanParameters {
  readonly l1: PlanStart;
  readonly l2: PlanStart;
}

/** The address that every contract will have. Contracts are deployed in the order of the steps of `protocolSteps.ts`. */
export function planDeployment({ l1, l2 }: PlanParameters): Deployment {
  const onL1 = (offset: number) => getCreateAddress({ from: l1.deployer, nonce: l1.nonce + offset });
  const onL2 = (offset: number) => getCreateAddress({ from: l2.deployer, nonce: l2.nonce + offset });
  return {
    l1ChainId: l1.chainId,
    l2ChainId: l2.chainId,
    l1: {
      accessManager: onL1(0),
      implementations: { sequencerVault: onL1(1), lockManager: onL1(3), l1Gateway: onL1(4) },
      vaultBeacon: onL1(2),
      lockManager: onL1(5),
      l1Gateway: onL1(6),
    },
    l2: {
      accessManager: onL2(0),
      eMetis: onL2(1),
      seMetis: onL2(2),
      implementations: { stakingPool: onL2(3), redemptionQueue: onL2(4), l2Gateway: onL2(5) },
      stakingPool: onL2(6),
      redemptionQueue: onL2(7),
      l2Gateway: onL2(8),
    },
  };
}
