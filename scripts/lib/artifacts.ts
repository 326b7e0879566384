/**
 * Where the functions of this folder take contracts from: Hardhat's artifacts, and TypeChain's bindings to them. The SDK's test kit runs
 * the same functions without Hardhat's project: its build puts `sdk/src/testing/artifacts.ts` in the place of this file.
 */
import { type InterfaceAbi } from "ethers";
import { artifacts } from "hardhat";

export {
  AccessManager__factory,
  EMetis__factory,
  L1Gateway__factory,
  L2Gateway__factory,
  LocalAddressManager__factory,
  LocalDeployerWhitelist__factory,
  LocalDiscountOracle__factory,
  LocalGasPriceOracle__factory,
  LocalL1Messenger__factory,
  LocalL1StandardBridge__factory,
  LocalL2Messenger__factory,
  LocalL2StandardBridge__factory,
  LocalLockingInfo__factory,
  LocalLockingPoolMainnet__factory,
  LocalLockingPool__factory,
  LocalMetisCoinbase__factory,
  LocalMetis__factory,
  LocalProxy__factory,
  LocalSequencerFeeVault__factory,
  LocalTransactionChain__factory,
  LockManager__factory,
  RedemptionQueue__factory,
  SEMetis__factory,
  SequencerVault__factory,
  StakingPool__factory,
} from "../../typechain-types";

/** What it takes to deploy a contract. */
export interface DeployableArtifact {
  readonly abi: InterfaceAbi;
  readonly bytecode: string;
}

/** The artifact of a contract of the protocol, or of OpenZeppelin's under it. */
export async function readArtifact(contract: string): Promise<DeployableArtifact> {
  return artifacts.readArtifact(contract);
}
